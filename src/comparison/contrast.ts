import { isDeepStrictEqual } from 'node:util';
import { DataError, UsageError } from '../errors';
import { CONTRASTED, type Comparison, type Contrast, type Contrasted, type Score } from '../store/comparison';
import { readOutputs } from '../store/outputs';
import { namedStream } from '../trust-tech/streams';
import { compareAnswers } from './answers';
import { finishedRuns, type RunOutcome } from './compare';
import { withEquivalents } from './equivalents';
import { type RowEntries, rowOf, selectRows } from './rows';
import { type SampleScores, sampleScores } from './sample-scores';
import { bootstrapIntervals, holm, type PairedDifference, pairedDifference } from './statistics';

/** Options of the statistics of a comparison. */
export interface ComparisonOptions {
  /** Method or name of the row that the others are contrasted with; by default the first row. */
  readonly baseline?: string | undefined;
  /** Ensembles to compare instead of each method's result, for methods that have them. */
  readonly ensembles?: readonly string[] | undefined;
}

/**
 * Compares outcomes: one row for each ensemble of a method, and each row against the baseline, paired by seed.
 * @throws UsageError when the baseline is no row; DataError when the runs are of different data, or kept outputs are
 *   damaged
 */
export async function comparisonOf(
  outcomes: readonly RunOutcome[],
  { baseline, ensembles }: ComparisonOptions = {},
): Promise<Comparison> {
  const runs = finishedRuns(outcomes);
  const datasets = [...new Set(runs.map(({ result }) => result.dataset))];
  if (datasets.length > 1) throw new DataError(`runs on different data cannot be compared: ${datasets.join(', ')}`);
  const selected = selectRows(outcomes, ensembles);
  const rows = await withEquivalents(selected.map(rowOf), runs);
  const { scored, columns } = await scoreSamples(selected);
  const compared = rows.map(({ name, method, scores }, k) => ({ name, method, scores, samples: scored[k] }));
  const base = findBaseline(compared, baseline);
  const usable = base !== undefined && base.scores.length > 0;
  return {
    schema: 1,
    dataset: datasets[0] ?? null,
    baseline: usable ? base.name : null,
    rows,
    contrasts: usable ? contrastAll(compared, base) : [],
    answers: columns === null ? [] : compareAnswers(runs, columns),
  };
}

/** Row to contrast: its scores by seed, and its scores of each test sample if outputs were kept. */
interface Compared {
  readonly name: string;
  readonly method: string;
  readonly scores: readonly Score[];
  readonly samples: ReadonlyMap<number, SampleScores>;
}

function findBaseline(rows: readonly Compared[], wanted: string | undefined): Compared | undefined {
  if (wanted === undefined) return rows[0];
  const found = rows.find(({ name }) => name === wanted) ?? rows.find(({ method }) => method === wanted);
  if (found !== undefined) return found;
  throw new UsageError(`unknown baseline '${wanted}'; known: ${rows.map(({ name }) => name).join(', ')}`);
}

/**
 * Returns each row's scores of the test samples, by seed, and the number of a network's outputs, null if none were kept.
 * @throws DataError when two runs were tested on different samples
 */
async function scoreSamples(rows: readonly RowEntries[]) {
  let first: { readonly targets: Float32Array; readonly columns: number; readonly directory: string } | undefined;
  const all: Map<number, SampleScores>[] = [];
  for (const { entries } of rows) {
    const bySeed = new Map<number, SampleScores>();
    for (const { run, ensemble } of entries) {
      const { directory, seed } = run;
      if (ensemble.members.length === 0) continue;
      const read = await readOutputs(directory, 'test', ensemble.members);
      if (read === null) continue;
      const { targets, columns } = read;
      first ??= { targets, columns, directory };
      if (!isDeepStrictEqual(targets, first.targets)) {
        throw new DataError(`${first.directory} and ${directory} were tested on different samples`);
      }
      bySeed.set(seed, sampleScores(ensemble, read));
    }
    all.push(bySeed);
  }
  return { scored: all, columns: first?.columns ?? null };
}

/** Contrast before p values are adjusted and samples are resampled over all contrasts. */
interface Pending extends PairedDifference {
  readonly row: string;
  readonly measure: Contrasted;
  /** Difference on each test sample, averaged over seeds; null if outputs were not kept. */
  readonly samples: Float64Array | null;
}

function contrastAll(rows: readonly Compared[], base: Compared): Contrast[] {
  const others = rows.filter((row) => row !== base);
  const pending = others.flatMap((row) => CONTRASTED.flatMap((measure) => contrast(row, base, measure)));
  const columns = pending.flatMap(({ samples }) => samples ?? []);
  const intervals = bootstrapIntervals(columns, namedStream(0, 'bootstrap/test'));
  const adjusted = CONTRASTED.flatMap((measure) => {
    const family = pending.filter((one) => one.measure === measure);
    const holmP = holm(family.map(({ p }) => p));
    return family.map((one, k) => ({ one, holmP: holmP[k] }));
  });
  return pending.map((one) => {
    const { samples, ...difference } = one;
    const holmP = adjusted.find((other) => other.one === one)?.holmP ?? null;
    return { ...difference, holmP, bootstrap: samples === null ? null : intervals[columns.indexOf(samples)] };
  });
}

/** Returns the contrast over the seeds that both rows have; empty if there are none. */
function contrast(row: Compared, base: Compared, measure: Contrasted): Pending[] {
  const pairs = row.scores.flatMap(({ seed, values }) => {
    const other = base.scores.find((score) => score.seed === seed)?.values[measure] ?? null;
    const value = values[measure];
    return value === null || other === null ? [] : [{ seed, difference: value - other }];
  });
  const difference = pairedDifference(pairs.map((pair) => pair.difference));
  if (difference === null) return [];
  const seeds = pairs.map(({ seed }) => seed);
  return [{ row: row.name, measure, ...difference, samples: sampleDifferences(row, base, measure, seeds) }];
}

/**
 * Returns the difference on each test sample, averaged over seeds; null unless both rows' outputs were kept for every
 * seed.
 */
function sampleDifferences(
  row: Compared,
  base: Compared,
  measure: Contrasted,
  seeds: readonly number[],
): Float64Array | null {
  if (measure !== 'testErrorPct' && measure !== 'testLoss') return null;
  let mean: Float64Array | null = null;
  for (const seed of seeds) {
    const [own, other] = [row, base].map(({ samples }) => samples.get(seed)?.[measure]);
    if (!own || !other) return null;
    mean ??= new Float64Array(own.length);
    for (let i = 0; i < mean.length; i += 1) mean[i] += (own[i] - other[i]) / seeds.length;
  }
  return mean;
}
