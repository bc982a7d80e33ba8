import { UsageError } from '../errors';
import type { PaperMeasure, ReproducedMemory, ReproducedRow, ReproducedTable } from '../store/reproduction';
import { overheadOf } from './memory';
import { MEMORY } from './statements';
import { architecturesOf, type Printed, rowsOf } from './table-rows';

/** Judgement of one of our numbers against the paper's. */
export interface Judgement {
  readonly table: string;
  readonly row: string;
  readonly measure: PaperMeasure | 'memoryOverheadPct';
  readonly paper: number;
  readonly ours: number | null;
  /** Number of seeds, and by how much the number may be worse than the paper's. */
  readonly seeds: number;
  readonly tolerance: number;
  /** `diverged`: the row was run, and all its runs failed. */
  readonly verdict: 'not worse' | 'worse' | 'diverged' | 'not measured';
}

/** Points of error by which a number may be worse. */
export const ERROR_TOLERANCE_PCT = 0.3;

/**
 * Tolerances: points for errors, a part of the paper's number for losses and distances, an absolute difference for
 * correlations. Diversity is judged for DSP-TT alone: a rival whose members are alike has not become worse.
 */
const RULES: Readonly<
  Record<PaperMeasure, { readonly sign: 1 | -1; readonly least: (paper: number, points: number) => number }>
> = {
  testErrorPct: { sign: 1, least: (_, points) => points },
  testLoss: { sign: 1, least: (paper) => 0.05 * paper },
  outputCorrelation: { sign: 1, least: () => 0.02 },
  parameterDistance: { sign: -1, least: (paper) => 0.1 * paper },
};

/**
 * Judges every number that the paper prints in the given tables. With several seeds the tolerance is two standard
 * errors of the mean, if that is more.
 * @throws UsageError when a table was not reproduced at the paper's scale and on its data: its numbers cannot be judged
 */
export function judge(
  made: readonly (ReproducedTable | ReproducedMemory)[],
  errorTolerancePct = ERROR_TOLERANCE_PCT,
): Judgement[] {
  return made.flatMap((one) => {
    mustBeComparable(one);
    return one.table === 'memory' ? [judgeMemory(one)] : judgeTable(one, errorTolerancePct);
  });
}

/** Reports whether nothing is worse than tolerated; a row whose runs all diverged counts as worse. */
export function isGood(judgements: readonly Judgement[]): boolean {
  return judgements.every(({ verdict }) => verdict === 'not worse' || verdict === 'not measured');
}

function mustBeComparable({ table, scale, dataset }: ReproducedTable | ReproducedMemory): void {
  if (scale !== 'full') {
    const how = scale === null ? `on ${dataset}` : `at scale ${scale}`;
    throw new UsageError(
      `${table} was reproduced ${how}, but the paper's numbers are those of whole CIFAR and its own networks: reproduce it with --scale full`,
    );
  }
  if (table !== 'memory' && dataset !== 'cifar10' && dataset !== 'cifar100') {
    throw new UsageError(
      `${table} was reproduced on ${dataset}, but the paper's numbers are those of cifar10 and cifar100`,
    );
  }
}

/** Judges the rows of the paper, whatever rows the file holds, so that none can be left out unnoticed. */
function judgeTable({ table, dataset, rows }: ReproducedTable, points: number): Judgement[] {
  const split = dataset === 'cifar100' ? 'cifar100' : 'cifar10';
  return rowsOf(table, architecturesOf(table)).flatMap(({ name, contestant, paper }) => {
    if (paper === null) return [];
    const own = rows.find((row) => row.name === name);
    return measuresOf(paper, contestant.method).flatMap((measure) => {
      const printed = paper[measure]?.[split] ?? null;
      return printed === null ? [] : [judgeNumber({ table, row: name, measure, paper: printed }, own, points)];
    });
  });
}

function measuresOf(paper: Printed, method: string): PaperMeasure[] {
  const all = ['testErrorPct', 'testLoss', 'outputCorrelation', 'parameterDistance'] as const;
  return all.filter((measure) => paper[measure] !== undefined && (method === 'dsp-tt' || isOfError(measure)));
}

function isOfError(measure: PaperMeasure): boolean {
  return measure === 'testErrorPct' || measure === 'testLoss';
}

function judgeNumber(
  about: Pick<Judgement, 'table' | 'row' | 'paper'> & { readonly measure: PaperMeasure },
  own: ReproducedRow | undefined,
  points: number,
): Judgement {
  const { sign, least } = RULES[about.measure];
  const mean = own?.means[about.measure] ?? null;
  const tolerance = Math.max(least(about.paper, points), 2 * (mean?.standardError ?? 0));
  if (mean === null) {
    const verdict = own !== undefined && own.failures.length > 0 ? 'diverged' : 'not measured';
    return { ...about, ours: null, seeds: 0, tolerance, verdict };
  }
  const worse = sign * (mean.mean - about.paper) > tolerance;
  return { ...about, ours: mean.mean, seeds: mean.n, tolerance, verdict: worse ? 'worse' : 'not worse' };
}

/** Judges the relative overhead, because peaks counted in different ways cannot be compared in bytes. */
function judgeMemory(made: ReproducedMemory): Judgement {
  const paper = 100 * (MEMORY.searchMb / MEMORY.trainingMb - 1);
  const ours = 100 * overheadOf(made);
  const verdict = ours > paper ? 'worse' : 'not worse';
  return {
    table: 'memory',
    row: made.network,
    measure: 'memoryOverheadPct',
    paper,
    ours,
    seeds: 1,
    tolerance: 0,
    verdict,
  };
}
