import { csvOf, type Figure } from '../figures/figure';
import { renderSvg } from '../figures/render';
import type { Report } from './section';

/** The figures of a report, in order. */
export function figuresOf({ chapters }: Report): Figure[] {
  return chapters.flatMap(({ sections }) =>
    sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'figure' ? [block.figure] : []))),
  );
}

/** The files of a report's figures by name: each picture as SVG, its numbers as CSV. */
export async function figureFiles(report: Report): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const figure of figuresOf(report)) {
    files[`${figure.name}.svg`] = await renderSvg(figure);
    for (const numbers of figure.numbers) files[`${numbers.name}.csv`] = csvOf(numbers);
  }
  return files;
}
