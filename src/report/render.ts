import Table from 'cli-table3';
import { plain } from './printable';
import { terminalWidth, wrapped } from './wrap';

/** Table of texts before it is laid out. */
export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Number of leading text columns; the others are numbers. */
  readonly texts: number;
}

/** Characters that a column adds to its longest cell: a border and two spaces. */
const BORDER = 3;

/**
 * Renders a table for a terminal: boxed cells, numbers aligned right. If it is too wide, columns with one value in all
 * rows are stated below it, and those that do not fit side by side follow in further tables, each of which begins with the
 * columns that tell the rows apart.
 */
export function terminalTable(table: TextTable, width = terminalWidth()): string {
  if (columnWidths(table).reduce((total, one) => total + one, 1) <= width) return boxed(table);
  const { head, rows } = table;
  const columns = [...head.keys()];
  const differ = columns.filter((k) => rows.length < 2 || rows.some((row) => row[k] !== rows[0][k]));
  const equal = differ.length === 0 ? [] : columns.filter((k) => !differ.includes(k));
  const others = equal.length === 0 ? table : ofColumns(table, differ);
  const said = equal.map((k) => `${head[k]}: ${plain(rows[0][k])}`).join('; ');
  const note = said === '' ? [] : [wrapped(`In all rows ${said}.`, width)];
  return [...inWidth(others, width).map(boxed), ...note].join('\n');
}

/** Returns the characters that each column takes, its border included. */
function columnWidths({ head, rows }: TextTable): number[] {
  return head.map((name, k) => BORDER + Math.max(name.length, ...rows.map((row) => plain(row[k]).length)));
}

function ofColumns({ head, rows, texts }: TextTable, columns: readonly number[]): TextTable {
  return {
    head: columns.map((k) => head[k]),
    rows: rows.map((row) => columns.map((k) => row[k])),
    texts: columns.filter((k) => k < texts).length,
  };
}

function inWidth(table: TextTable, width: number): TextTable[] {
  const { head, rows } = table;
  const widths = columnWidths(table);
  const widthOf = (columns: readonly number[]) => columns.reduce((total, k) => total + widths[k], 1);
  const keys = keyColumns(rows);
  const parts = [keys];
  for (let k = keys.length; k < head.length; k += 1) {
    const part = parts[parts.length - 1];
    if (part === keys || widthOf([...part, k]) <= width) parts[parts.length - 1] = [...part, k];
    else parts.push([...keys, k]);
  }
  return parts.map((columns) => ofColumns(table, columns));
}

/** Returns the fewest leading columns that differ in every row; the first alone if rows are alike. */
function keyColumns(rows: TextTable['rows']): number[] {
  const columns = [...(rows[0] ?? []).keys()];
  const last =
    columns.find((k) => new Set(rows.map((row) => row.slice(0, k + 1).join('\n'))).size === rows.length) ?? 0;
  return [...Array(last + 1).keys()];
}

function boxed({ head, rows, texts }: TextTable): string {
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
