import type { LossCurves } from '../../../src/curves/curve';
import { lossCurvesFigure } from '../../../src/report/figures/loss-curves';
import { renderSvg } from '../../../src/report/figures/render';
import { type DetectorOptions, newDetector, observe } from '../../../src/trust-tech/exit-detector';
import { marks, numbersNamed } from './pictures';

const DATA: LossCurves = {
  path: ['tier1-2', 'tier1-1', 'tier1-1', 'tier1-2', 'tier1-1'],
  round: [1, 1, 1, 1, 1],
  loss: [1, 2, 4, 3, 0],
  rho1: [0.1, 0.2, 0.3, 0.1, 0.5],
  exits: [{ path: 'tier1-1', step: 2 }],
  decay: 0.5,
};

describe('lossCurvesFigure', () => {
  it('draws loss and rho1 of every path, and marks exits in both panels', async () => {
    const figure = lossCurvesFigure('search', 'Losses', DATA);
    const svg = await renderSvg(figure);
    expect(marks(svg, 'line')).toBe(2 * 2);
    expect(marks(svg, 'symbol')).toBe(3 + 2);
    expect(svg).toContain('>tier1-2</text>');
    expect(figure.description).toContain('Exit points: tier1-1 at iteration 2 with loss 3.333');
  });

  it('draws one line of rho1 where all paths have one pace', async () => {
    const svg = await renderSvg(lossCurvesFigure('search', 'Losses', { ...DATA, rho1: [0.1, 0.2, 0.3, 0.4, 0.5] }));
    expect(marks(svg, 'line')).toBe(2 + 1);
    expect(svg).toContain('>rho1 (all)</text>');
  });

  it('draws no batch losses beside a line that is not averaged', async () => {
    const svg = await renderSvg(lossCurvesFigure('search', 'Losses', { ...DATA, decay: 0 }));
    expect(marks(svg, 'symbol')).toBe(2);
  });

  it("shows the detector's own moving average", () => {
    const options: DetectorOptions = { decay: 0.5, minRise: 0.1, buffer: 9, drop: 0.3 };
    const seen: number[] = [];
    let detector = newDetector(1.5);
    for (const loss of [2, 4, 0]) {
      detector = observe(detector, loss, options);
      seen.push(detector.start + detector.rise);
    }
    const average = Array.from(numbersNamed(lossCurvesFigure('search', 'Losses', DATA), 'search').average);
    expect([average[1], average[2], average[4]].map((value) => Number(value).toFixed(12))).toEqual(
      seen.map((value) => value.toFixed(12)),
    );
  });

  it('begins the average anew where a path was redrawn', () => {
    const columns = numbersNamed(lossCurvesFigure('search', 'Losses', { ...DATA, round: [1, 1, 1, 1, 2] }), 'search');
    expect(Array.from(columns.average)[4]).toBe(0);
  });

  it('keeps a loss that is no finite number in the numbers, and draws the others as if it were not there', async () => {
    const [loss, round] = [
      [1, 2, 4, Number.POSITIVE_INFINITY, 0],
      [1, 1, 1, 2, 1],
    ];
    const figure = lossCurvesFigure('search', 'Losses', { ...DATA, round, loss });
    expect(Array.from(numbersNamed(figure, 'search').loss)[3]).toBe(Number.POSITIVE_INFINITY);
    const svg = await renderSvg(figure);
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(marks(svg, 'symbol')).toBe(2 + 2);
  });
});
