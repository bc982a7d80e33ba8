import fs from 'node:fs';
import path from 'node:path';
import type { Figure } from '../../../src/report/figures/figure';
import { numbersOf } from '../../../src/report/figures/figure';
import { renderSvg } from '../../../src/report/figures/render';
import { writeFigure } from '../../../src/report/figures/write';
import { csvOfColumns } from '../../../src/store/disk/csv';
import { temporaryDirectory } from '../../builders';

const FIGURE: Figure = {
  name: 'rise',
  title: 'a < b & c',
  description: 'One "line" > nothing.',
  drawing: {
    grammar: 'vega-lite',
    spec: {
      data: {
        values: [
          { x: 1, y: 2 },
          { x: 2, y: 9 },
        ],
      },
      mark: { type: 'line', clip: true },
      encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
    },
  },
  numbers: [
    numbersOf('rise', [
      { x: 1, y: 0.1 + 0.2, what: 'a, "b"' },
      { x: 2, y: null, what: '' },
    ]),
  ],
};

describe('renderSvg', () => {
  it('gives the same bytes each time, clip paths included', async () => {
    const first = await renderSvg(FIGURE);
    expect(first).toContain('<clipPath id="');
    expect(await renderSvg(FIGURE)).toBe(first);
  });

  it('says what the picture shows to who cannot see it, escaped', async () => {
    const svg = await renderSvg(FIGURE);
    expect(svg).toMatch(/^<svg role="img" aria-labelledby="title description" /);
    expect(svg).toContain('<title id="title">a &lt; b &amp; c</title>');
    expect(svg).toContain('<desc id="description">One "line" &gt; nothing.</desc>');
  });

  it('draws on white', async () => {
    expect(await renderSvg(FIGURE)).toMatch(/<rect [^>]*fill="white"\/>/);
  });
});

describe('csvOfColumns', () => {
  it('writes numbers in full, quotes what needs it, and leaves what was not measured empty', () => {
    expect(csvOfColumns(FIGURE.numbers[0].columns)).toBe('x,y,what\n1,0.30000000000000004,"a, ""b"""\n2,,\n');
  });
});

describe('writeFigure', () => {
  const temporary = temporaryDirectory();

  it('writes the picture and a file for each set of numbers, and answers their paths', async () => {
    const directory = path.join(temporary, 'new');
    const files = await writeFigure(directory, FIGURE);
    expect(files).toEqual([path.join(directory, 'rise.svg'), path.join(directory, 'rise.csv')]);
    expect(fs.readFileSync(files[0], 'utf8')).toBe(await renderSvg(FIGURE));
    expect(fs.readFileSync(files[1], 'utf8')).toBe(csvOfColumns(FIGURE.numbers[0].columns));
  });
});
