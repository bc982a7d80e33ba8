import { createHash } from 'node:crypto';
import type { Config } from '../config/schema';
import { disagreementsPct, outputCorrelations, type PairMatrix, parameterDistances } from '../ensemble/diversity';
import { DivergedError } from '../errors';
import { type Executor, hasValidation, type Task } from '../executor/executor';
import { type Candidate, type EnsembleSpec, isUsable, type MethodOutcome } from '../methods/method';
import type { EnsembleResult, MemberResult, Result } from '../store/result';
import { barrierOf, segmentPositions } from '../trust-tech/barrier';
import { type Scored, type SplitOutputs, scoreEnsemble, scoreSelected } from './score';

export interface Keep {
  /** Keep a network's file; answers its name in the run directory, or null to keep none. */
  readonly member: (name: string, file: Uint8Array) => Promise<string | null>;
  /** Keep outputs [samples, columns] of a network, or the targets, of a split. */
  readonly outputs: (
    split: 'validation' | 'test',
    name: string,
    values: Float32Array,
    columns: number,
  ) => Promise<void>;
}

export interface Assessment {
  readonly members: readonly MemberResult[];
  readonly ensembles: readonly EnsembleResult[];
  readonly pairs: Result['pairs'];
  readonly result: string;
}

interface Gathered {
  readonly validation: Map<string, Float32Array>;
  readonly test: Map<string, Float32Array>;
}

/**
 * Measure what a method found: every network alone, its barrier to its parent, what lies between every two, and the
 * ensembles. A network whose outputs are not finite numbers counts as diverged, and is in no ensemble.
 * @throws DivergedError when that leaves nothing of the method's result
 */
export async function assess(
  executor: Executor,
  outcome: MethodOutcome,
  config: Config,
  keep: Keep,
): Promise<Assessment> {
  const gathered: Gathered = { validation: new Map(), test: new Map() };
  const members: MemberResult[] = [];
  for (const candidate of outcome.candidates) {
    const measured = isUsable(candidate) ? measure(executor, candidate, gathered, config, keep) : unmeasured(candidate);
    members.push(await measured);
  }
  const names = [...gathered.test.keys()];
  const specs = usableSpecs(outcome, names, config, executor.task);
  const test: SplitOutputs = { outputs: gathered.test, targets: await keepTargets(executor, 'test', keep) };
  const scored: Scored = {
    loss: config.loss,
    validation: { outputs: gathered.validation, targets: await keepTargets(executor, 'validation', keep) },
    test,
    pairs: matricesOf(test, parameterDistances(await executor.distances(names), names.length), config),
  };
  const ensembles = specs.map((spec) => scoreEnsemble(spec, scored));
  const own = specs.find(({ name }) => name === outcome.result);
  const chosen = config.selection.rule !== 'all' && own ? [scoreSelected(own, scored, config.selection)] : [];
  const barrier = config.pairBarriers ? await pairBarriers(executor, names, config.barrierPoints) : null;
  return {
    members,
    ensembles: [...ensembles, ...chosen],
    pairs: pairsOf(names, scored.pairs, barrier),
    result: chosen.length > 0 ? chosen[0].name : outcome.result,
  };
}

/** The ensembles of the networks that are left, by rules that fit what they predict and the samples that there are. */
function usableSpecs(
  { ensembles, result }: MethodOutcome,
  names: readonly string[],
  { loss }: Config,
  task: Task,
): EnsembleSpec[] {
  const known = ensembles.filter(({ rule }) => rule !== 'validationWeighted' || hasValidation(task));
  const left = known.map((spec) => ({ ...spec, members: spec.members.filter((name) => names.includes(name)) }));
  if (!left.some(({ name, members }) => name === result && members.length > 0)) {
    throw new DivergedError(`no network of ${result} has outputs that are finite numbers; lower the learning rate`);
  }
  if (loss === 'crossEntropy') return left;
  const numbers = left.filter(({ rule }) => rule !== 'majorityVote');
  return numbers.map((spec) => (spec.rule === 'meanSoftmax' ? { ...spec, rule: 'mean' } : spec));
}

async function keepTargets(executor: Executor, split: 'validation' | 'test', keep: Keep): Promise<Float32Array> {
  if (split === 'validation' && !hasValidation(executor.task)) return new Float32Array();
  const targets = await executor.targets(split);
  await keep.outputs(split, 'targets', targets, 1);
  return targets;
}

async function measure(
  executor: Executor,
  candidate: Candidate,
  gathered: Gathered,
  { barrierPoints, loss }: Config,
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
    gathered[split].set(name, measured.outputs);
    await keep.outputs(split, name, measured.outputs, measured.outputs.length / executor.task.samples[split]);
  }
  const saving = executor.savePoint(name, { name, tier: String(tier), parent: parent ?? '' });
  const measuring = parent === null ? null : barrier(executor, parent, name, barrierPoints);
  const [path, barrierToParent] = await Promise.all([saving.then((file) => keep.member(name, file)), measuring]);
  const rmse = (squared: number) => (loss === 'meanSquared' ? Math.sqrt(squared) : null);
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
    sha256:
      path &&
      createHash('sha256')
        .update(await saving)
        .digest('hex'),
  };
}

async function barrier(executor: Executor, from: string, to: string, points: number): Promise<number | null> {
  return finite(barrierOf(await executor.segment(from, to, segmentPositions(points), `segment/${to}`)));
}

async function pairBarriers(executor: Executor, names: readonly string[], points: number): Promise<PairMatrix> {
  const matrix = names.map(() => new Array<number | null>(names.length).fill(0));
  for (const [a, name] of names.entries()) {
    for (const [b, other] of names.slice(0, a).entries()) {
      matrix[a][b] = matrix[b][a] = await barrier(executor, other, name, points);
    }
  }
  return matrix;
}

function matricesOf({ outputs, targets }: SplitOutputs, distances: PairMatrix, { loss }: Config): Scored['pairs'] {
  const all = [...outputs.values()];
  const disagreements = loss === 'crossEntropy' ? disagreementsPct(all, all[0].length / targets.length) : null;
  return { correlations: outputCorrelations(all), distances, disagreements };
}

function pairsOf(
  names: readonly string[],
  { correlations, distances, disagreements }: Scored['pairs'],
  barriers: PairMatrix | null,
): Result['pairs'] {
  return {
    names: [...names],
    outputCorrelation: rows(correlations),
    parameterDistance: rows(distances),
    disagreementPct: rows(disagreements ?? names.map(() => names.map(() => null))),
    barrier: barriers && rows(barriers),
  };
}

function rows(matrix: PairMatrix): (number | null)[][] {
  return matrix.map((row) => [...row]);
}

function unmeasured({ name, tier, parent, exit, round, state, divergedAt }: Candidate): MemberResult {
  const none = {
    trainLoss: null,
    validationErrorPct: null,
    validationLoss: null,
    validationRmse: null,
    testErrorPct: null,
    testLoss: null,
    testRmse: null,
    barrierToParent: null,
    file: null,
    sha256: null,
  };
  const measuredExit = exit && { ...exit, cosine: finite(exit.cosine) };
  return { name, tier, parent, exit: measuredExit, round, state, divergedAt, ...none };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
