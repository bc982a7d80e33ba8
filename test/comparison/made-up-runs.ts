import path from 'node:path';
import type { FinishedRun, RunOutcome } from '../../src/comparison/compare';
import { resolveConfig } from '../../src/config/resolve';
import { combine } from '../../src/ensemble/combine';
import { metrics } from '../../src/ensemble/metrics';
import type { EnsembleResult, Result } from '../../src/store/result';
import { RunDirectory } from '../../src/store/run-directory';
import { namedStream } from '../../src/trust-tech/streams';
import { aMember, anEnsemble, aResult } from '../store/a-result';

const CLASSES = 3;
export const SAMPLES = 120;
const config = resolveConfig([{ from: 'test', values: { preset: 'wine' } }]);

/** What is true of the samples of a split: the same in every run. */
export const targets = Float32Array.from({ length: SAMPLES }, (_, i) => i % CLASSES);

/** Softmax outputs that lean to the truth by so much, and otherwise as nothing but the name decides. */
export function answers(name: string, lean: number): Float32Array {
  const draw = namedStream(0, name);
  const outputs = new Float32Array(SAMPLES * CLASSES);
  for (let i = 0; i < SAMPLES; i += 1) {
    const weights = Array.from({ length: CLASSES }, (_, c) =>
      Math.exp(draw(1000) / 250 + (c === targets[i] ? lean : 0)),
    );
    const sum = weights.reduce((a, b) => a + b);
    outputs.set(
      weights.map((weight) => weight / sum),
      i * CLASSES,
    );
  }
  return outputs;
}

export interface MadeUp {
  readonly method: string;
  readonly seed: number;
  /** How good each of its networks is; their names are net1, net2 ... */
  readonly leans: readonly number[];
  /** Ensembles by name, each with so many of the first networks; the last is the result. */
  readonly ensembles: Readonly<Record<string, number>>;
  readonly outputs?: 'kept' | 'none' | 'of other samples';
  readonly over?: Partial<Result>;
}

/** A finished run on disk, its ensembles scored as its outputs are worth. */
export async function aRun(
  root: string,
  { method, seed, leans, ensembles, outputs = 'kept', over }: MadeUp,
): Promise<FinishedRun> {
  const names = leans.map((_, k) => `net${k + 1}`);
  const all = names.map((name, k) => answers(`${method} ${seed} ${name}`, leans[k]));
  const results = Object.entries(ensembles).map(([name, size]): EnsembleResult => {
    const { errorPct, loss, ecePct } = metrics(combine(all.slice(0, size), CLASSES, 'meanSoftmax'), targets);
    const scores = { testErrorPct: errorPct, testLoss: loss, ecePct, calibratedTestLoss: loss - 0.01 };
    return anEnsemble({ name, members: names.slice(0, size), ...scores });
  });
  const result = aResult({
    method,
    seed,
    members: names.map((name) => aMember({ name })),
    ensembles: results,
    result: results[results.length - 1].name,
    ...over,
  });
  const directory = path.join(root, `${method}-${seed}`);
  const run = await RunDirectory.create(directory);
  await run.saveConfig(config);
  if (outputs !== 'none') {
    for (const split of ['validation', 'test'] as const) {
      const shown = outputs === 'kept' ? targets : targets.map((target) => (target + 1) % CLASSES);
      await run.saveOutputs(split, 'targets', shown, 1);
      for (const [k, name] of names.entries()) await run.saveOutputs(split, name, all[k], CLASSES);
    }
  }
  await run.finish(result);
  return { state: 'finished', method, seed, directory, result };
}

export function aFailure(method: string, seed: number): RunOutcome {
  return { state: 'failed', method, seed, directory: `nowhere/${method}-${seed}`, message: 'the loss became NaN' };
}
