import type { Figure, Numbers } from '../../../src/report/figures/figure';

/** How many marks of a kind the chart itself draws, axes and legends not counted. */
export function marks(svg: string, kind: 'line' | 'symbol' | 'rule' | 'path'): number {
  const groups = svg.matchAll(new RegExp(`<g class="mark-${kind} role-mark[^>/]*>(.*?)</g>`, 'gs'));
  return [...groups].reduce(
    (sum, [, inside]) => sum + (inside.match(/<(path|line) [^>]*stroke|<(path|line) [^>]*fill/g) ?? []).length,
    0,
  );
}

/** The columns of a figure that go to the CSV file of this name. */
export function numbersNamed({ numbers }: Figure, name: string): Numbers['columns'] {
  const found = numbers.find((file) => file.name === name);
  if (found === undefined) throw new Error(`no numbers ${name}; known: ${numbers.map((file) => file.name).join(', ')}`);
  return found.columns;
}
