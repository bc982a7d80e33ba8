import { deepEnsembleCurve, deepEnsembleEquivalent } from '../ensemble/equivalent';
import type { ComparisonRow } from '../store/comparison';
import { readOutputs } from '../store/outputs';
import type { FinishedRun } from './compare';
import { meanOf } from './statistics';

const REFERENCE = 'independent';

/**
 * Adds deep-ensemble equivalents to rows, read off the calibrated losses of 1, 2, ... networks of `independent`. Curve
 * and losses are averaged over seeds first, because the curve of one seed is too rough. Returns the rows unchanged if
 * `independent` is not compared, or its outputs were not kept.
 */
export async function withEquivalents(
  rows: readonly ComparisonRow[],
  runs: readonly FinishedRun[],
): Promise<ComparisonRow[]> {
  const curves: number[][] = [];
  for (const run of runs.filter(({ method }) => method === REFERENCE)) curves.push(...(await curveOf(run)));
  if (curves.length === 0) return [...rows];
  const sizes = Math.min(...curves.map((curve) => curve.length)); // a network that diverged shortens its seed's curve
  const mean = Array.from({ length: sizes }, (_, k) => meanOf(curves.map((curve) => curve[k])));
  return rows.map((row) => {
    const loss = row.means.calibratedTestLoss;
    return loss === null ? row : { ...row, deepEnsembleEquivalent: deepEnsembleEquivalent(mean, loss.mean) };
  });
}

async function curveOf({ directory, result }: FinishedRun): Promise<number[][]> {
  const usable = result.members.filter(({ testLoss }) => testLoss !== null);
  if (usable.some(({ testRmse }) => testRmse !== null)) return [];
  const members = usable.map(({ name }) => name);
  const validation = await readOutputs(directory, 'validation', members);
  const test = await readOutputs(directory, 'test', members);
  if (members.length === 0 || validation === null || test === null) return [];
  const inOrder = ({ outputs, targets }: typeof test) => ({ outputs: [...outputs.values()], targets });
  return [deepEnsembleCurve(inOrder(validation), inOrder(test))];
}
