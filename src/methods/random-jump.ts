import { divideBudget } from '../trust-tech/budget';
import { descendFrom } from './descend';
import { type Candidate, ensembleOf, type Method, trainedCandidate } from './method';
import { TIER0, tier0 } from './tier0';

/**
 * The control for DSP-TT: the same tier 0, jumps of a search's length along the same random directions without any
 * calibration, and the same descents. What calibration adds is the difference.
 */
export const randomJump: Method = async (context) => {
  const { executor, config, steps } = context;
  const budget = divideBudget(steps, config.dspTt);
  const origin = await tier0(context, budget.tier0);
  const length = config.randomJump.length ?? config.dspTt.rho1.max;
  const starts: Candidate[] = [];
  for (let k = 1; k <= config.dspTt.paths; k += 1) {
    const name = `tier1-${k}`;
    await executor.newPath(name, TIER0, `direction/${name}`, config.dspTt.scale);
    await executor.pointFromPath(name, name, length);
    await executor.drop({ paths: [name] });
    starts.push({ ...trainedCandidate(name, null), tier: 1, parent: TIER0 });
  }
  const forDescents = config.randomJump.descents === 'same' ? budget.tier - budget.search : budget.tier;
  const descents = await descendFrom(context, starts, forDescents);
  const all = [origin.candidate, ...descents.candidates];
  return {
    candidates: all,
    ensembles: [
      ensembleOf('tier-0', [origin.candidate]),
      ensembleOf('jump-1', descents.candidates),
      ensembleOf('jump-0-1', all),
    ],
    result: 'jump-0-1',
    spent: { steps: budget.tier0 + descents.steps, tier0: budget.tier0, search: 0 },
    traces: [...origin.traces, ...descents.traces],
  };
};
