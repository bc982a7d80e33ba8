import { join } from 'node:path';
import { csvOfColumns } from '../../store/disk/csv';
import { writeFiles } from '../../store/disk/files';
import type { Figure } from './figure';
import { renderSvg } from './render';

/** Returns the contents of a figure's files by name: the picture as SVG, then its numbers as CSV. */
export async function filesOf(figure: Figure): Promise<Record<string, string>> {
  return {
    [`${figure.name}.svg`]: await renderSvg(figure),
    ...Object.fromEntries(figure.numbers.map(({ name, columns }) => [`${name}.csv`, csvOfColumns(columns)])),
  };
}

/** Writes a figure's files into a directory. @returns their paths, the picture's first */
export async function writeFigure(directory: string, figure: Figure): Promise<string[]> {
  const files = await filesOf(figure);
  await writeFiles(directory, files);
  return Object.keys(files).map((name) => join(directory, name));
}
