import { makeObjective } from '../../../src/closed-form/objectives';
import { resolveAnalytic } from '../../../src/config/resolve';
import { optimaMapFigure } from '../../../src/report/figures/optima-map';
import { renderSvg } from '../../../src/report/figures/render';
import { runAnalytic } from '../../../src/run/closed-form';
import { temporaryDirectory } from '../../builders';
import { marks, numbersNamed } from './pictures';

const root = temporaryDirectory();

describe('optimaMapFigure', () => {
  it('shows the optima by tier, and the exit points that join them', async () => {
    const config = resolveAnalytic([{ from: 'test', values: { preset: 'himmelblau' } }]);
    const result = await runAnalytic(config, { out: `${root}/himmelblau` });
    const figure = optimaMapFigure('optima', 'The optima of Himmelblau', result, makeObjective(config.objective));
    const svg = await renderSvg(figure);
    expect(marks(svg, 'path')).toBe(12);
    expect([marks(svg, 'rule'), marks(svg, 'symbol')]).toEqual([2 * result.edges.length, 4 + result.edges.length]);
    expect(figure.description).toContain('4 optima, the lowest at (');
    expect(numbersNamed(figure, 'optima').tier).toEqual(result.optima.map(({ tier }) => tier));
  });
});
