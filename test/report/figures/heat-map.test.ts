import { heatMapFigure } from '../../../src/report/figures/heat-map';
import { renderSvg } from '../../../src/report/figures/render';
import { numbersNamed } from './pictures';

const MAP = {
  name: 'correlation',
  title: 'Correlation of outputs',
  measure: 'correlation',
  networks: ['tier0', 'tier1-1', 'tier1-2'],
  matrix: [
    [1, 0.91, 0.85],
    [0.91, 1, null],
    [0.85, null, 1],
  ],
  digits: 2,
  reach: 1,
};

describe('heatMapFigure', () => {
  it('shades what lies between two networks, and leaves out what was not measured', async () => {
    const svg = await renderSvg(heatMapFigure(MAP));
    expect(svg.match(/<g class="mark-rect role-mark.*?<\/g>/s)?.[0].match(/<path/g)).toHaveLength(4);
    const texts = svg.match(/<g class="mark-text role-mark.*?<\/g>/s)?.[0] ?? '';
    expect([...texts.matchAll(/>([\d.]+)<\/text>/g)].map(([, text]) => text)).toEqual(['0.91', '0.85', '0.91', '0.85']);
  });

  it('says which pairs are nearest to and farthest from each other', () => {
    const figure = heatMapFigure(MAP);
    expect(figure.description).toContain(
      'between every two of 3 networks, from 0.85 (tier1-2 and tier0) to 0.91 (tier1-1 and tier0)',
    );
    expect(numbersNamed(figure, 'correlation')).toEqual({
      network: ['tier1-1', 'tier1-2', 'tier1-2'],
      other: ['tier0', 'tier0', 'tier1-1'],
      value: [0.91, 0.85, null],
    });
  });

  it('shades values close together alike, and tells 0 from the largest', async () => {
    const shadesOf = async (value: number) => {
      const matrix = MAP.matrix.map((row, a) => row.map((_, b) => (a + b === 1 ? value : 0.98)));
      const svg = await renderSvg(heatMapFigure({ ...MAP, matrix }));
      const cells = svg.match(/<g class="mark-rect role-mark.*?<\/g>/s)?.[0] ?? '';
      const reds = [...cells.matchAll(/fill="rgb\((\d+),/g)].map(([, red]) => Number(red));
      return Math.max(...reds) - Math.min(...reds);
    };
    expect(await shadesOf(0.97)).toBeLessThan(5);
    expect(await shadesOf(0)).toBeGreaterThan(100);
  });

  it('is drawn where all pairs are equal, or none was measured', async () => {
    for (const value of [0.5, null]) {
      const matrix = MAP.networks.map(() => MAP.networks.map(() => value));
      expect(await renderSvg(heatMapFigure({ ...MAP, matrix }))).not.toContain('NaN');
    }
  });
});
