import Table from 'cli-table3';
import { plain } from './printable';

/** A table before it is laid out: what every cell says. */
export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** So many leading columns are text, the others numbers. */
  readonly texts: number;
}

/** For a terminal: boxes, numbers to the right. */
export function terminalTable({ head, rows, texts }: TextTable): string {
  const colAligns = head.map((_, k) => (k < texts ? ('left' as const) : ('right' as const)));
  const table = new Table({ head: [...head], colAligns, style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(row.map(plain));
  return table.toString();
}

export function markdownTable({ head, rows, texts }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(inMarkdown).join(' | ')} |`;
  const rule = head.map((_, k) => (k < texts ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** A cell stays in its column, and is text: no markup. */
function inMarkdown(cell: string): string {
  return plain(cell).replaceAll('\n', ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

/** The columns that say something: those in which a cell is no dash. */
export function withoutEmptyColumns({ head, rows, texts }: TextTable): TextTable {
  const kept = [...head.keys()].filter((k) => k < texts || rows.length === 0 || rows.some((row) => row[k] !== '-'));
  return { head: kept.map((k) => head[k]), rows: rows.map((row) => kept.map((k) => row[k])), texts };
}
