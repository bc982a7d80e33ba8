import { renderSvg } from '../../../src/report/figures/render';
import { type PathProgress, searchProgressFigure } from '../../../src/report/figures/search-progress';
import { marks, numbersNamed } from './pictures';

const POINTS: readonly PathProgress[] = [0, 4, 8, 12].map((iteration, k) => ({
  iteration,
  rho1: iteration / 10,
  distance: iteration,
  cosine: 1 - iteration / 1000,
  trainLoss: [0.1, 0.9, 1.5, 0.4][k],
  testLoss: [0.2, 1, 1.7, 0.8][k],
  trainErrorPct: [1, 20, 30, 5][k],
  testErrorPct: [2, 25, 35, 9][k],
}));
const PROGRESS = { name: 'fig', title: 'It rises and falls', points: POINTS, exit: { iteration: 7, rho1: 0.7 } };

describe('searchProgressFigure', () => {
  it('draws both splits and rho1, and marks the exit in both panels', async () => {
    const svg = await renderSvg(searchProgressFigure({ ...PROGRESS, measure: 'loss' }));
    expect(marks(svg, 'line')).toBe(3);
    expect(marks(svg, 'rule')).toBe(2);
    for (const text of ['training set', 'test set', 'cross-entropy (nats)', 'search iteration', 'rho1', 'exit point']) {
      expect(svg).toContain(`>${text}</text>`);
    }
  });

  it('marks no exit where none was found, and says so', async () => {
    const figure = searchProgressFigure({ ...PROGRESS, measure: 'loss', exit: null });
    expect(marks(await renderSvg(figure), 'rule')).toBe(0);
    expect(figure.description).toContain('No exit point was found.');
  });

  it('shows error rates in percent where they are asked for', async () => {
    const figure = searchProgressFigure({ ...PROGRESS, measure: 'error rate' });
    expect(await renderSvg(figure)).toContain('>error rate (%)</text>');
    expect(figure.description).toContain('30.0 % on the training set and 35.0 % on the test set');
  });

  it('keeps every number, with the point nearest to the exit marked', () => {
    const columns = numbersNamed(searchProgressFigure({ ...PROGRESS, measure: 'loss' }), 'fig');
    expect(columns.trainLoss).toEqual([0.1, 0.9, 1.5, 0.4]);
    expect(columns.testErrorPct).toEqual([2, 25, 35, 9]);
    expect(columns.exit).toEqual([0, 0, 1, 0]);
  });
});
