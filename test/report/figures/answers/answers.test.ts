import { answerMapFigure } from '../../../../src/report/figures/answers/answer-map';
import { functionPlaneFigure } from '../../../../src/report/figures/answers/function-plane';
import { renderSvg } from '../../../../src/report/figures/render';
import { marks, numbersNamed } from '../pictures';

const POINTS = [
  { of: 'tier1-1', accuracyPct: 90, normalised: 0.8, disagreementPct: 8, distance: 3 },
  { of: 'tier1-2', accuracyPct: 96, normalised: 1.1, disagreementPct: 4.4, distance: null },
  { of: 'tier1-3', accuracyPct: 100, normalised: null, disagreementPct: 5, distance: 4 },
].map((point) => ({ seed: 0, network: point.of, ...point }));
const PLANE = { name: 'plane', title: 'A plane', points: POINTS, baseAccuracy: 0.95, classes: 10 };

describe('functionPlaneFigure', () => {
  it('draws what is known of each network in both panels, and both curves', async () => {
    const svg = await renderSvg(functionPlaneFigure(PLANE));
    expect(marks(svg, 'symbol')).toBe(4); // two with a normalised disagreement, two with a distance
    expect(marks(svg, 'line')).toBe(2);
    expect(svg).not.toContain('NaN');
  });

  it('ends the curve of random answers at the base, at 0', () => {
    const figure = functionPlaneFigure(PLANE);
    const { curve, accuracyPct, normalised } = numbersNamed(figure, 'plane-curves');
    const rows = Array.from(curve, (name, k) => [name, accuracyPct[k], normalised[k]]);
    expect(rows.at(-1)).toEqual(['the base with random answers', 95, 0]);
    expect(figure.description).toContain('which is 0.80 to 1.10');
  });

  it('is drawn without an error, and without a distance', async () => {
    const points = [{ ...POINTS[2], distance: null }];
    const svg = await renderSvg(functionPlaneFigure({ ...PLANE, points, baseAccuracy: 1 }));
    expect(svg).not.toContain('NaN');
    expect(functionPlaneFigure({ ...PLANE, points }).description).toMatch(/no network makes an error/);
  });
});

describe('answerMapFigure', () => {
  it('draws each network with its name, on two axes of one scale', async () => {
    const [networks, places] = [['tier0', 'tier1-1', 'tier1-2'], [[0.1, 0], [-0.2, 0.1], [0.1, -0.1]] as const]; // biome-ignore format: pairs
    const figure = answerMapFigure({
      name: 'map',
      title: 'A map',
      networks,
      all: networks,
      places,
      shares: [0.7, 0.3],
    });
    const svg = await renderSvg(figure);
    expect(marks(svg, 'symbol')).toBe(3);
    for (const name of networks) expect(svg).toContain(`>${name}</text>`);
    expect(figure.description).toContain('70 % and 30 % of the squared Hellinger distances');
  });
});
