import type { Config } from '../../config/schema';
import type { Outputs } from '../../ensemble/combine';
import { decisionsOf } from '../../ensemble/decisions';
import { kindOf, type LossName } from '../../ensemble/task-kind';
import { type Executor, hasValidation, type Task } from '../../executor/executor';
import { type Candidate, type EnsembleSpec, isUsable, type MethodOutcome } from '../../methods/method';
import { sha256 } from '../../store/journal/arrays';
import { finite, type MemberResult } from '../../store/result';
import { CURRENT_FLAGS, TARGETS_FIRST } from '../durable/flags';
import { type BarrierPlan, barrierMeter, type MeasureBarrier, planBarriers } from './barriers';
import type { SplitOutputs } from './score';

/** The splits that ensembles are scored on. */
export type ScoredSplit = 'validation' | 'test';

/** Receives the outputs [samples, columns] of each network once they are known, and the true values as `targets`. */
export interface KeepOutputs {
  readonly outputs: (split: ScoredSplit, name: string, values: Float32Array, columns: number) => Promise<void>;
  /** Called when a loss barrier is measured, with the number of those done and of all. */
  readonly barrier?: (done: number, of: number) => void;
}

export interface Keep extends KeepOutputs {
  /** Called with each network's measures. */
  readonly measured?: (member: MemberResult) => void;
  /** Stores a network's file. @returns its name in the run directory; null if it was not stored */
  readonly member: (name: string, file: Uint8Array) => Promise<string | null>;
}

/** Measures of every network, and the outputs of those whose outputs are finite numbers. */
export interface Measured {
  readonly members: readonly MemberResult[];
  readonly validation: SplitOutputs;
  readonly test: SplitOutputs;
  readonly plan: BarrierPlan;
  readonly barrier: MeasureBarrier;
}

interface Gathered {
  readonly validation: Map<string, Outputs>;
  readonly test: Map<string, Outputs>;
}

/**
 * Measures every network that a method found, and its barrier to its parent. A network whose outputs are not finite
 * numbers counts as diverged, and has no measures.
 * @param flags behaviour flags that the run was begun with
 */
export async function measureNetworks(
  executor: Executor,
  outcome: Pick<MethodOutcome, 'candidates' | 'spent'>,
  config: Config,
  keep: Keep,
  flags: readonly number[] = CURRENT_FLAGS,
): Promise<Measured> {
  const known = flags.includes(TARGETS_FIRST) ? await targetsOf(executor, keep) : null;
  const gathered: Gathered = { validation: new Map(), test: new Map() };
  const members: MemberResult[] = [];
  const plan = planBarriers(outcome, config, executor.task, flags);
  const barrier = barrierMeter(executor, plan, config.barrierPoints, keep.barrier ?? (() => {}));
  const toParent: MeasureBarrier = plan.which === 'none' ? async () => null : barrier;
  for (const candidate of outcome.candidates) {
    const measured = isUsable(candidate)
      ? measure(executor, candidate, gathered, { loss: config.loss, toParent }, keep)
      : unmeasured(candidate);
    const member = await measured;
    keep.measured?.(member);
    members.push(member);
  }
  const { test, validation } = known ?? (await targetsOf(executor, keep));
  return {
    members,
    plan,
    barrier,
    validation: { outputs: gathered.validation, targets: validation },
    test: { outputs: gathered.test, targets: test },
  };
}

/**
 * Selects the ensembles of some networks and adapts their rules: `validationWeighted` needs validation samples, labels are
 * averaged over sigmoid outputs, and predicted numbers have no vote and are averaged as they are.
 */
export function ensemblesAmong(
  { ensembles }: Pick<MethodOutcome, 'ensembles'>,
  names: readonly string[],
  { loss }: Pick<Config, 'loss'>,
  task: Task,
): EnsembleSpec[] {
  const known = ensembles.filter(({ rule }) => rule !== 'validationWeighted' || hasValidation(task));
  const left = known.map((spec) => ({ ...spec, members: spec.members.filter((name) => names.includes(name)) }));
  const kind = kindOf(loss);
  if (kind === 'classes') return left;
  const some = kind === 'labels' ? left : left.filter(({ rule }) => rule !== 'majorityVote');
  const mean = kind === 'labels' ? 'meanSigmoid' : 'mean';
  return some.map((spec) => (spec.rule === 'meanSoftmax' ? { ...spec, rule: mean } : spec));
}

/** Returns a network's outputs in the form in which ensembles are scored: of labels, their decisions. */
export function shownOf(outputs: Float32Array, loss: LossName): Outputs {
  return kindOf(loss) === 'labels' ? decisionsOf(outputs) : outputs;
}

async function targetsOf(executor: Executor, keep: Keep): Promise<Readonly<Record<ScoredSplit, Float32Array>>> {
  const test = await keepTargets(executor, 'test', keep);
  return { test, validation: await keepTargets(executor, 'validation', keep) };
}

async function keepTargets(executor: Executor, split: ScoredSplit, keep: Keep): Promise<Float32Array> {
  if (split === 'validation' && !hasValidation(executor.task)) return new Float32Array();
  const targets = await executor.targets(split);
  await keep.outputs(split, 'targets', targets, targets.length / executor.task.samples[split]);
  return targets;
}

async function measure(
  executor: Executor,
  candidate: Candidate,
  gathered: Gathered,
  { loss, toParent }: Pick<Config, 'loss'> & { readonly toParent: MeasureBarrier },
  keep: Keep,
): Promise<MemberResult> {
  const { name, tier, parent, exit, round, state, divergedAt } = candidate;
  const [train, test, validation] = await Promise.all([
    executor.evaluate(name, 'train'),
    executor.evaluate(name, 'test'),
    hasValidation(executor.task) ? executor.evaluate(name, 'validation') : null,
  ]);
  if (![train, validation, test].every((split) => split === null || Number.isFinite(split.loss))) {
    return unmeasured({ ...candidate, state: 'diverged' });
  }
  for (const [split, measured] of [
    ['validation', validation],
    ['test', test],
  ] as const) {
    if (measured === null) continue;
    gathered[split].set(name, shownOf(measured.outputs, loss));
    await keep.outputs(split, name, measured.outputs, measured.outputs.length / executor.task.samples[split]);
  }
  const saving = executor.savePoint(name, { name, tier: String(tier), parent: parent ?? '' });
  const measuring = parent === null ? null : toParent(parent, name);
  const [path, barrierToParent] = await Promise.all([saving.then((file) => keep.member(name, file)), measuring]);
  const rmse = (squared: number) => (kindOf(loss) === 'numbers' ? Math.sqrt(squared) : null);
  return {
    name,
    tier,
    parent,
    exit: exit && { ...exit, cosine: finite(exit.cosine) },
    round,
    state,
    divergedAt,
    trainLoss: train.loss,
    validationErrorPct: validation?.errorPct ?? null,
    validationLoss: validation?.loss ?? null,
    validationRmse: validation && rmse(validation.loss),
    testErrorPct: test.errorPct,
    testLoss: test.loss,
    testRmse: rmse(test.loss),
    barrierToParent,
    file: path,
    sha256: path && sha256(await saving),
  };
}

/** Scores of a network that is not measured, or not yet. */
export const UNMEASURED = {
  trainLoss: null,
  validationErrorPct: null,
  validationLoss: null,
  validationRmse: null,
  testErrorPct: null,
  testLoss: null,
  testRmse: null,
};

function unmeasured({ name, tier, parent, exit, round, state, divergedAt }: Candidate): MemberResult {
  const none = { ...UNMEASURED, barrierToParent: null, file: null, sha256: null };
  const measuredExit = exit && { ...exit, cosine: finite(exit.cosine) };
  return { name, tier, parent, exit: measuredExit, round, state, divergedAt, ...none };
}
