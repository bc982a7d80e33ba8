import { createHash } from 'node:crypto';
import { combine } from '../ensemble/combine';
import { outputCorrelation, parameterDistance } from '../ensemble/diversity';
import { metrics } from '../ensemble/metrics';
import type { Executor, Split } from '../executor/executor';
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

/** Measure what a method found: every network alone, its barrier to its parent, and the ensembles. */
export async function assess(executor: Executor, outcome: MethodOutcome, options: AssessOptions): Promise<Assessment> {
  const outputs = { validation: new Map<string, Float32Array>(), test: new Map<string, Float32Array>() };
  const members: MemberResult[] = [];
  for (const candidate of outcome.candidates) {
    members.push(isUsable(candidate) ? await measure(executor, candidate, outputs, options) : unmeasured(candidate));
  }
  const usable = outcome.candidates.filter(isUsable).map(({ name }) => name);
  const distances = await executor.distances(usable);
  const targets = { validation: await executor.targets('validation'), test: await executor.targets('test') };
  const ensembles = outcome.ensembles.map((spec): EnsembleResult => {
    const validation = score(spec, outputs.validation, targets.validation);
    const test = score(spec, outputs.test, targets.test);
    const chosen = spec.members.map((name) => usable.indexOf(name));
    return {
      ...spec,
      members: [...spec.members],
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
  outputs: Readonly<Record<Exclude<Split, 'train'>, Map<string, Float32Array>>>,
  options: AssessOptions,
): Promise<MemberResult> {
  const { name, tier, parent, exit, state, divergedAt } = candidate;
  const [train, validation, test] = await Promise.all([
    executor.evaluate(name, 'train'),
    executor.evaluate(name, 'validation'),
    executor.evaluate(name, 'test'),
  ]);
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
    trainLoss: finite(train.loss),
    validationErrorPct: validation.errorPct,
    validationLoss: finite(validation.loss),
    testErrorPct: test.errorPct,
    testLoss: finite(test.loss),
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
