import { fixed, signed } from './format';
import type { TextTable } from './render';

/** Comparison of one number with the paper's. */
interface Judged {
  readonly table: string;
  readonly row: string;
  readonly measure: string;
  readonly paper: number;
  readonly ours: number | null;
  readonly seeds: number;
  readonly tolerance: number;
  readonly verdict: string;
}

/** Lists every judged number with its verdict. */
export function judgementTable(judgements: readonly Judged[]): TextTable {
  const head = ['table', 'row', 'of', 'verdict', 'paper', 'ours', 'difference', 'tolerance', 'seeds'];
  const rows = judgements.map(({ table, row, measure, paper, ours, seeds, tolerance, verdict }) => [
    table,
    row,
    measure,
    verdict,
    fixed(paper, 3),
    fixed(ours, 3),
    ours === null ? '-' : signed(ours - paper, 3),
    fixed(tolerance, 3),
    String(seeds),
  ]);
  return { head, rows, texts: 4 };
}
