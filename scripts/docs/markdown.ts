/** Returns a text as inline code. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** Returns a row of a table. */
export function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

/** Returns a table of rows. */
export function table(heads: readonly string[], rows: readonly string[]): string {
  return [row(heads), `|${heads.map(() => '---').join('|')}|`, ...rows].join('\n');
}
