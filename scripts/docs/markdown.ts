/** A text that stands as it is. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** A row of a table. */
export function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

/** A table of rows. */
export function table(heads: readonly string[], rows: readonly string[]): string {
  return [row(heads), `|${heads.map(() => '---').join('|')}|`, ...rows].join('\n');
}
