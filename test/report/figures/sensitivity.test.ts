import { renderSvg } from '../../../src/report/figures/render';
import { sensitivityFigure, sensitivityOf } from '../../../src/report/figures/sensitivity';
import type { SweepRow } from '../../../src/store/sweep';
import { marks, numbersNamed } from './pictures';

function aSweepRow(over: Partial<SweepRow> = {}): SweepRow {
  const found = {
    exits: 5,
    diverged: 0,
    searchSteps: 300,
    iterations: 100,
    rho1AtExit: 1,
    distanceAtExit: 10,
    cosineAtExit: 0.99,
  };
  return { rho1Increment: 0.01, rho2TimesLr: 0.1, seed: 0, paths: 5, ...found, ...over };
}

const ROWS = [0.04, 0.01].flatMap((rho1Increment) =>
  [0.3, 0.1].flatMap((rho2TimesLr) =>
    [0, 1].map((seed) => aSweepRow({ rho1Increment, rho2TimesLr, seed, iterations: 1 / rho1Increment + 10 * seed })),
  ),
);

describe('sensitivityFigure', () => {
  it('draws a line for each rho2 in each of three panels', async () => {
    const svg = await renderSvg(sensitivityFigure('fig4', 'It depends', ROWS));
    expect(marks(svg, 'line')).toBe(2 * 3);
    expect(marks(svg, 'rule')).toBe(4 * 3);
    for (const text of ['(a) iterations', '(b) rho1', '(c) distance from tier 0', 'rho2 / lr0', '0.01', '0.04']) {
      expect(svg).toContain(`>${text}</text>`);
    }
  });

  it('keeps the runs and their means as numbers', () => {
    const figure = sensitivityFigure('fig4', 'It depends', ROWS);
    expect(numbersNamed(figure, 'fig4-runs').iterations).toEqual(ROWS.map(({ iterations }) => iterations));
    expect(Array.from(numbersNamed(figure, 'fig4').mean).slice(0, 4)).toEqual([105, 30, 105, 30]);
  });

  it('leaves a gap where no path exited', async () => {
    const rows = ROWS.map((row) =>
      row.rho1Increment === 0.01 ? { ...row, iterations: null, rho1AtExit: null, distanceAtExit: null } : row,
    );
    const [gap, point] = sensitivityOf(rows);
    expect([gap.mean, gap.seeds, point.mean, point.seeds]).toEqual([null, 0, 30, 2]);
    expect(marks(await renderSvg(sensitivityFigure('fig4', 'It depends', rows)), 'symbol')).toBe(2 * 3);
  });
});

describe('sensitivityOf', () => {
  it('averages over seeds, in ascending order of rho2 and increment', () => {
    const points = sensitivityOf(ROWS).filter(({ measure }) => measure === 'iterations');
    expect(points.map(({ rho2TimesLr, rho1Increment }) => [rho2TimesLr, rho1Increment])).toEqual([
      [0.1, 0.01],
      [0.1, 0.04],
      [0.3, 0.01],
      [0.3, 0.04],
    ]);
    expect(points[0]).toMatchObject({ mean: 105, standardError: 5, seeds: 2 });
  });
});
