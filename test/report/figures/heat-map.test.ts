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
};

describe('heatMapFigure', () => {
  it('shades what lies between two networks, and leaves out what was not measured', async () => {
    const svg = await renderSvg(heatMapFigure(MAP));
    expect(svg.match(/<g class="mark-rect role-mark.*?<\/g>/s)?.[0].match(/<path/g)).toHaveLength(4);
    expect(svg.match(/>0\.91</g)).toHaveLength(2);
    expect(svg).not.toContain('>1.00</text>');
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

  it('is drawn where all pairs are equal, or none was measured', async () => {
    for (const value of [0.5, null]) {
      const matrix = MAP.networks.map(() => MAP.networks.map(() => value));
      expect(await renderSvg(heatMapFigure({ ...MAP, matrix }))).not.toContain('NaN');
    }
  });
});
