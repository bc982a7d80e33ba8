type Cell = string | number | null;

/** Returns CSV (RFC 4180, except that lines end in \n): numbers at full precision, an empty cell for null. */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell) => {
    const text = value === null ? '' : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${[head, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`;
}

/** Returns CSV of columns of equal length, by their names. */
export function csvOfColumns(columns: Readonly<Record<string, ArrayLike<Cell>>>): string {
  const values = Object.values(columns);
  const rows = Array.from({ length: values[0]?.length ?? 0 }, (_, i) => values.map((column) => column[i]));
  return csv(Object.keys(columns), rows);
}
