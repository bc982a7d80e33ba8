import Table from 'cli-table3';
import { plain } from './printable';

/** Table of texts before it is laid out. */
export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Number of leading text columns; the others are numbers. */
  readonly texts: number;
}

/** Renders a table for a terminal: boxed cells, numbers aligned right. */
export function terminalTable({ head, rows, texts }: TextTable): string {
  const colAligns = head.map((_, k) => (k < texts ? ('left' as const) : ('right' as const)));
  const table = new Table({ head: [...head], colAligns, style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(row.map(plain));
  return table.toString();
}

/** Renders a table in Markdown, numbers aligned right. */
export function markdownTable({ head, rows, texts }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(inMarkdown).join(' | ')} |`;
  const rule = head.map((_, k) => (k < texts ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** Escapes a cell so that it neither ends its column nor begins HTML. */
function inMarkdown(cell: string): string {
  return plain(cell).replaceAll('\n', ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

/** Drops the number columns in which every cell is a dash. */
export function withoutEmptyColumns({ head, rows, texts }: TextTable): TextTable {
  const kept = [...head.keys()].filter((k) => k < texts || rows.length === 0 || rows.some((row) => row[k] !== '-'));
  return { head: kept.map((k) => head[k]), rows: rows.map((row) => kept.map((k) => row[k])), texts };
}
