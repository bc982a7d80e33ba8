import { SCHEDULES } from '../../schedules';
import { equalParts } from '../../trust-tech/budget';
import { averagedTrace, dataStream } from '../../trust-tech/names';
import type { Candidate, ConfigWith, MethodContext, Trace } from '../method';
import type { Averages } from '../swa';
import { type AveragedTraining, averageWhileTrainingAll } from './average';
import { trainToBest } from './early-stopping';
import { inGroups, type Member } from './in-groups';
import type { TrainingPlan } from './train';

type Config = ConfigWith<Averages>;

export interface Descents {
  readonly candidates: readonly Candidate[];
  readonly traces: readonly Trace[];
}

/**
 * The local solver from each of the starts, which lie in the executor as points: tier 0's schedule compressed to an equal
 * part of the steps, with fresh momentum. (The paper does not say; this is Garipov's schedule for a short training.) With
 * `dspTt.averageMembers` the last part of each descent, as `swa` says, ends in the average of its weights.
 */
export async function descendFrom(
  context: MethodContext<Config>,
  starts: readonly Candidate[],
  steps: number,
): Promise<Descents> {
  const shares = equalParts(steps, starts.length);
  const members = starts.map(({ name }, k) => ({ name, steps: shares[k] }));
  const descended = await inGroups(context, members, (group) => descendAll(context, group));
  const candidates = starts.map((start, k): Candidate => {
    const { divergedAt } = descended[k];
    return { ...start, state: divergedAt === null ? 'trained' : 'diverged', divergedAt };
  });
  return { candidates, traces: descended.flatMap(({ traces }) => traces) };
}

interface Descended {
  readonly divergedAt: number | null;
  readonly traces: readonly Trace[];
}

async function descendAll(context: MethodContext<Config>, members: readonly Member[]): Promise<Descended[]> {
  const { config, executor } = context;
  const plans = members.map((member) => planOf(member, config, executor.task.stepsPerEpoch));
  const plain = plans.flatMap(({ plain }) => plain ?? []);
  const early = new Map((await trainToBest(context, plain)).map((trained, k) => [plain[k].point, trained]));
  const averaged = plans.flatMap(({ averaged }) => averaged ?? []);
  const late = new Map((await averageWhileTrainingAll(context, averaged)).map((one, k) => [averaged[k].point, one]));
  return members.map(({ name }) => {
    const [first, last] = [early.get(name), late.get(name)];
    const before = first?.trace.columns.lr.length ?? 0;
    const lateAt = last === undefined || last.divergedAt === null ? null : before + last.divergedAt;
    return {
      divergedAt: first?.divergedAt ?? lateAt,
      traces: [...(first ? [first.trace] : []), ...(last ? [{ ...last.trace, name: averagedTrace(name) }] : [])],
    };
  });
}

/** Parts of a member's descent: before its weights are averaged, and while they are. */
function planOf(
  { name: point, steps }: Member,
  { localSolver, dspTt, swa }: Config,
  stepsPerEpoch: number,
): { readonly plain: TrainingPlan | null; readonly averaged: AveragedTraining | null } {
  const lr = localSolver.lr * dspTt.memberLrTimes;
  const rates = SCHEDULES[localSolver.schedule](lr, steps);
  const stream = dataStream(point);
  const before = dspTt.averageMembers ? Math.floor(steps * swa.start) : steps;
  const every = Math.max(1, Math.round(swa.everyEpochs * stepsPerEpoch));
  const constant = SCHEDULES.constant(lr * swa.lrTimes, steps - before);
  return {
    plain: before > 0 ? { point, stream, lr: rates.subarray(0, before) } : null,
    averaged: before < steps ? { point, stream, start: before, lr: constant, every } : null,
  };
}
