import type { Figure } from '../figures/figure';
import { filesOf } from '../figures/write';
import type { Report } from './section';

/** Returns the figures of a report, in order. */
export function figuresOf({ chapters }: Report): Figure[] {
  return chapters.flatMap(({ sections }) =>
    sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'figure' ? [block.figure] : []))),
  );
}

/** Returns the contents of the files of a report's figures by name: each picture as SVG, its numbers as CSV. */
export async function figureFiles(report: Report): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const figure of figuresOf(report)) Object.assign(files, await filesOf(figure));
  return files;
}
