import { type PhasePortrait, phasePortraitFigure } from '../../../src/report/figures/phase-portrait';
import { renderSvg } from '../../../src/report/figures/render';
import { CAPTION } from '../../../src/report/figures/style';
import { marks, numbersNamed } from './pictures';

/** x^2 + y^2 on [-1, 1]^2, on a grid of 21 places a side. */
const SIDE = 21;
const at = (k: number) => -1 + (2 * k) / (SIDE - 1);
const BOWL: PhasePortrait = {
  objective: 'a bowl',
  box: { lower: [-1, -1], upper: [1, 1] },
  grid: {
    columns: SIDE,
    rows: SIDE,
    values: Float64Array.from(
      { length: SIDE * SIDE },
      (_, k) => at(k % SIDE) ** 2 + (at(Math.floor(k / SIDE)) - 0.5) ** 2,
    ),
  },
  flow: [{ at: [0.5, 0.5], vector: [-1, -1] }],
  seps: [{ name: 'w0', at: [0, 0.5] }],
  steps: [
    { rho1: 0.1, from: [0, 0.5], forward: [0.4, 0.5], to: [0.3, 0.4] },
    { rho1: 0.2, from: [0.3, 0.4], forward: [0.6, 0.4], to: [0.5, 0.3] },
  ],
  exit: [0.6, 0.4],
  reached: null,
  direction: 1,
};

describe('phasePortraitFigure', () => {
  it('draws forward steps blue and calibration steps red, and the path black', async () => {
    const svg = await renderSvg(phasePortraitFigure('fig2', 'A bowl', BOWL));
    const rules = [...svg.matchAll(/<g class="mark-rule role-mark[^>]*>(.*?)<\/g>/gs)]
      .map(([, inside]) => inside)
      .join('');
    expect([...rules.matchAll(/stroke="(#\w+)"/g)].map(([, colour]) => colour)).toEqual([
      CAPTION.blue,
      CAPTION.red,
      CAPTION.blue,
      CAPTION.red,
    ]);
    expect(marks(svg, 'line')).toBe(1);
    for (const text of ['w0', 'exit point', 'DSP path', 'forward search step', 'calibration step']) {
      expect(svg).toContain(`>${text}</text>`);
    }
  });

  it('lays contours where the objective has their value: around the minimum, not mirrored', async () => {
    const svg = await renderSvg(phasePortraitFigure('fig2', 'A bowl', BOWL));
    const group = /<g class="mark-path role-mark[^>]*>(.*?)<\/g>/s.exec(svg)?.[1] ?? '';
    const rings = [...group.matchAll(/ d="([^"]*)"/g)]
      .flatMap(([, d]) => d.split('M'))
      .map((ring) => [...ring.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]));
    const inner =
      rings.find((ring) => ring.length > 4 && ring.every(([x, y]) => x > 30 && x < 330 && y > 10 && y < 330)) ?? [];
    const middle = (k: 0 | 1) => (Math.max(...inner.map((p) => p[k])) + Math.min(...inner.map((p) => p[k]))) / 2;
    expect(inner.length).toBeGreaterThan(4);
    expect(Math.abs(middle(0) - 180)).toBeLessThan(5);
    expect(Math.abs(middle(1) - 90)).toBeLessThan(5);
  });

  it('keeps flow, equilibria and steps as numbers, the exit marked', () => {
    const figure = phasePortraitFigure('fig2', 'A bowl', BOWL);
    expect(numbersNamed(figure, 'fig2-path')).toMatchObject({ forwardX: [0.4, 0.6], toY: [0.4, 0.3], exit: [0, 1] });
    expect(numbersNamed(figure, 'fig2-flow')).toEqual({ x: [0.5], y: [0.5], flowX: [-1], flowY: [-1] });
    expect(numbersNamed(figure, 'fig2-seps')).toEqual({ sep: ['w0'], x: [0], y: [0.5] });
  });

  it('can be drawn without a path', async () => {
    const figure = phasePortraitFigure('fig2', 'A bowl', { ...BOWL, steps: [], exit: null });
    expect(marks(await renderSvg(figure), 'symbol')).toBe(1 + 2);
    expect(figure.description).toContain('finds no exit point');
  });
});
