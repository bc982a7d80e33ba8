import { join } from 'node:path';
import { writeFiles } from '../../store/files';
import { csvOf, type Figure } from './figure';
import { renderSvg } from './render';

/** Write a figure as SVG, and its numbers as CSV, into a directory; answers the files' paths, the picture's first. */
export async function writeFigure(directory: string, figure: Figure): Promise<string[]> {
  const files = {
    [`${figure.name}.svg`]: await renderSvg(figure),
    ...Object.fromEntries(figure.numbers.map((numbers) => [`${numbers.name}.csv`, csvOf(numbers)])),
  };
  await writeFiles(directory, files);
  return Object.keys(files).map((name) => join(directory, name));
}
