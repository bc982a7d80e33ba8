import { createHash } from 'node:crypto';
import { combine } from '../ensemble/combine';
import { outputCorrelation, parameterDistance } from '../ensemble/diversity';
import { metrics } from '../ensemble/metrics';
import { DivergedError } from '../errors';
import type { Executor } from '../executor/executor';
import { type Candidate, type EnsembleSpec, isUsable, type MethodOutcome } from '../methods/method';
import type { EnsembleResult, MemberResult } from '../store/result';

export interface AssessOptions {
  /** Points of a segment at which its loss is measured for a barrier. */
  readonly barrierPoints: number;
  /** Keep a member's file; answers its name in the run directory, or null to keep none. */
  readonly saveMember: (name: string, file: Uint8Array) => Promise<string | null>;
}

export interface Assessment {
  readonly members: readonly MemberResult[];
  readonly ensembles: readonly EnsembleResult[];
}

interface Outputs {
  readonly validation: Map<string, Float32Array>;
  readonly test: Map<string, Float32Array>;
}

/**
 * Measure what a method found: every network alone, its barrier to its parent, and the ensembles. A network whose outputs
 * are not finite numbers counts as diverged, and is in no ensemble.
 * @throws DivergedError when that leaves nothing of the method's result
 */
export async function assess(executor: Executor, outcome: MethodOutcome, options: AssessOptions): Promise<Assessment> {
  const outputs: Outputs = { validation: new Map(), test: new Map() };
  const members: MemberResult[] = [];
  for (const candidate of outcome.candidates) {
    members.push(isUsable(candidate) ? await measure(executor, candidate, outputs, options) : unmeasured(candidate));
  }
  const usable = [...outputs.test.keys()];
  const specs = outcome.ensembles.map((spec) => ({
    ...spec,
    members: spec.members.filter((name) => usable.includes(name)),
  }));
  if (!specs.some(({ name, members: left }) => name === outcome.result && left.length > 0)) {
    throw new DivergedError(
      `no network of ${outcome.result} has outputs that are finite numbers; lower the learning rate`,
    );
  }
  const distances = await executor.distances(usable);
  const targets = { validation: await executor.targets('validation'), test: await executor.targets('test') };
  const ensembles = specs.map((spec): EnsembleResult => {
    const validation = score(spec, outputs.validation, targets.validation);
    const test = score(spec, outputs.test, targets.test);
    const chosen = spec.members.map((name) => usable.indexOf(name));
    return {
      ...spec,
      validationErrorPct: validation.errorPct,
      validationLoss: validation.loss,
      testErrorPct: test.errorPct,
      testLoss: test.loss,
      brier: test.brier,
      ecePct: test.ecePct,
      outputCorrelation: outputCorrelation(test.outputs),
      parameterDistance: parameterDistance(distances, usable.length, chosen),
    };
  });
  return { members, ensembles };
}

/** The scores of an ensemble on a split; a vote has an error, but no probabilities to take a loss of. */
function score({ members, rule }: EnsembleSpec, all: ReadonlyMap<string, Float32Array>, targets: Int32Array) {
  const outputs = members.flatMap((name) => all.get(name) ?? []);
  if (outputs.length === 0) return { outputs, errorPct: null, loss: null, brier: null, ecePct: null };
  const scores = metrics(combine(outputs, outputs[0].length / targets.length, rule), targets);
  return rule === 'majorityVote'
    ? { ...scores, outputs, loss: null, brier: null, ecePct: null }
    : { ...scores, outputs };
}

async function measure(
  executor: Executor,
  candidate: Candidate,
  outputs: Outputs,
  options: AssessOptions,
): Promise<MemberResult> {
  const { name, tier, parent, exit, state, divergedAt } = candidate;
  const [train, validation, test] = await Promise.all([
    executor.evaluate(name, 'train'),
    executor.evaluate(name, 'validation'),
    executor.evaluate(name, 'test'),
  ]);
  if (![train, validation, test].every(({ loss }) => Number.isFinite(loss))) {
    return unmeasured({ ...candidate, state: 'diverged' });
  }
  outputs.validation.set(name, validation.outputs);
  outputs.test.set(name, test.outputs);
  const file = await executor.savePoint(name, { name, tier: String(tier), parent: parent ?? '' });
  const path = await options.saveMember(name, file);
  return {
    name,
    tier,
    parent,
    exit: exit && { ...exit, cosine: finite(exit.cosine) },
    state,
    divergedAt,
    trainLoss: train.loss,
    validationErrorPct: validation.errorPct,
    validationLoss: validation.loss,
    testErrorPct: test.errorPct,
    testLoss: test.loss,
    barrierToParent: parent === null ? null : await barrier(executor, parent, name, options.barrierPoints),
    file: path,
    sha256: path && createHash('sha256').update(file).digest('hex'),
  };
}

/**
 * The loss barrier on the straight segment between two points: by how much the training loss rises above the higher of
 * its ends, batch-norm statistics re-estimated along it. 0 where it never does: then nothing shows two optima.
 */
async function barrier(executor: Executor, from: string, to: string, points: number): Promise<number | null> {
  const positions = Float64Array.from({ length: points }, (_, k) => k / (points - 1));
  const loss = await executor.segment(from, to, positions, `segment/${to}`);
  return finite(Math.max(0, Math.max(...loss) - Math.max(loss[0], loss[points - 1])));
}

function unmeasured({ name, tier, parent, exit, state, divergedAt }: Candidate): MemberResult {
  const none = {
    trainLoss: null,
    validationErrorPct: null,
    validationLoss: null,
    testErrorPct: null,
    testLoss: null,
    barrierToParent: null,
    file: null,
    sha256: null,
  };
  return { name, tier, parent, exit: exit && { ...exit, cosine: finite(exit.cosine) }, state, divergedAt, ...none };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
