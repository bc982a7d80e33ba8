import { exitVerificationFigure } from '../../../src/report/figures/exit-verification';
import { renderSvg } from '../../../src/report/figures/render';
import { CAPTION } from '../../../src/report/figures/style';
import type { ExitVerification } from '../../../src/verification/exit-view';
import { marks, numbersNamed } from './pictures';

const DATA: ExitVerification = {
  points: [
    {
      side: 'before',
      offset: -2,
      trajectory: [
        [1, 1],
        [0.5, 0.4],
      ],
      end: [0, 0],
    },
    {
      side: 'before',
      offset: -1,
      trajectory: [
        [2, 1],
        [1, 0.4],
      ],
      end: [0.1, 0],
    },
    {
      side: 'after',
      offset: 1,
      trajectory: [
        [3, 1],
        [4, 0.4],
      ],
      end: [5, 0],
    },
  ],
  path: [
    [0, 0],
    [1, 1],
    [2, 1],
    [3, 1],
  ],
  exit: [2.5, 1],
  labels: ['along u', 'along v'],
};

describe('exitVerificationFigure', () => {
  it('draws the path and every trajectory, red from before the exit and blue from after it', async () => {
    const svg = await renderSvg(exitVerificationFigure('fig3c', 'Ends differ', DATA));
    const strokes = [...svg.matchAll(/<g class="mark-line role-mark[^>]*>(.*?)<\/g>/gs)].map(
      ([, inside]) => /stroke="([^"]*)"/.exec(inside)?.[1],
    );
    expect(strokes).toEqual(['#999999', CAPTION.red, CAPTION.red, CAPTION.blue]);
    for (const text of ['along u', 'along v', 'exit point', 'from before the exit', 'from after the exit']) {
      expect(svg).toContain(`>${text}</text>`);
    }
  });

  it('marks each start, each end, and the exit', async () => {
    const svg = await renderSvg(exitVerificationFigure('fig3c', 'Ends differ', DATA));
    expect(marks(svg, 'symbol')).toBe(3 + 3 + 1);
  });

  it('draws a long trajectory with fewer points, but keeps all of them as numbers', async () => {
    const trajectory = Array.from({ length: 5000 }, (_, k) => [k, k] as const);
    const figure = exitVerificationFigure('fig3c', 'Ends differ', {
      ...DATA,
      points: [{ ...DATA.points[0], trajectory }],
    });
    expect(numbersNamed(figure, 'fig3c-trajectories').x).toHaveLength(5000);
    expect((await renderSvg(figure)).length).toBeLessThan(40_000);
  });

  it('keeps starts, ends and the path as numbers, and tells where each side ends', () => {
    const figure = exitVerificationFigure('fig3c', 'Ends differ', DATA);
    expect(numbersNamed(figure, 'fig3c-ends')).toEqual({
      side: ['before', 'before', 'after'],
      offset: [-2, -1, 1],
      startX: [1, 2, 3],
      startY: [1, 1, 1],
      endX: [0, 0.1, 5],
      endY: [0, 0, 0],
    });
    expect(numbersNamed(figure, 'fig3c-path')).toEqual({ x: [0, 1, 2, 3], y: [0, 1, 1, 1] });
    expect(figure.description).toContain('end around (0.05, 0.00), the blue ones from after it around (5.00, 0.00)');
  });
});
