import { ConfigError, DivergedError } from '../errors';
import { SCHEDULES } from '../schedules';
import { equalParts } from '../trust-tech/budget';
import { type Candidate, ensembleOf, isUsable, type Method, type Trace, trainedCandidate } from './method';
import { train } from './train';

/** Networks trained from scratch, each from an initialisation and a data order of its own (a deep ensemble). */
export const independent: Method = async (context) => {
  const { executor, config, steps, report } = context;
  const { members, budgets } = config.independent;
  const { lr, schedule } = config.localSolver;
  if (steps * budgets < members) {
    throw new ConfigError(
      `budget of ${steps * budgets} steps is too small: it leaves less than a step for each of ${members} members`,
    );
  }
  const candidates: Candidate[] = [];
  const traces: Trace[] = [];
  for (const [k, share] of equalParts(steps * budgets, members).entries()) {
    const name = `member${k + 1}`;
    report({ type: 'phase', phase: name, steps: share });
    await executor.newPoint(name, `init/${name}`);
    const trained = await train(context, { point: name, stream: `data/${name}`, lr: SCHEDULES[schedule](lr, share) });
    candidates.push(trainedCandidate(name, trained.divergedAt));
    traces.push(trained.trace);
  }
  if (!candidates.some(isUsable)) throw new DivergedError(`all ${members} networks diverged (lr0 is ${lr})`);
  const ensembles = [ensembleOf('independent', candidates)];
  return {
    candidates,
    ensembles,
    result: 'independent',
    spent: { steps: steps * budgets, tier0: 0, search: 0 },
    traces,
  };
};
