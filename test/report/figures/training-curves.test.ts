import { renderSvg } from '../../../src/report/figures/render';
import { trainingCurvesFigure } from '../../../src/report/figures/training-curves';
import { marks, numbersNamed } from './pictures';

const training = (network: string, loss: readonly number[]) => ({
  network,
  step: [...loss.keys()],
  lr: loss.map(() => 0.1),
  loss,
  validation: [],
});

describe('trainingCurvesFigure', () => {
  it('draws loss and learning rate of every network', async () => {
    const figure = trainingCurvesFigure('training', 'Losses', [training('a', [1, 0.5]), training('b', [2, 1, 0.5])]);
    expect(marks(await renderSvg(figure), 'line')).toBe(2 * 2);
    expect(numbersNamed(figure, 'training').average[1]).toBeCloseTo((0.1 * 0.5 + 0.09 * 1) / 0.19, 12);
    expect(figure.description).toContain('a at 0.7368 after 2 steps, b at');
  });

  it('draws the loss on the validation split as circles in the colour of its network', async () => {
    const validation = [1, 2].map((step) => ({ step, loss: 1 / step, errorPct: 50 }));
    const figure = trainingCurvesFigure('training', 'Losses', [
      { ...training('a', [1, 0.5]), validation },
      { ...training('b', [2, 1, 0.5]), validation: [{ step: 2, loss: Number.NaN, errorPct: 50 }] },
    ]);
    const picture = await renderSvg(figure);
    expect(picture).toContain('circles: loss on the validation split');
    expect(picture).not.toMatch(/NaN/);
    expect(marks(picture, 'symbol')).toBe(2);
    expect(numbersNamed(figure, 'training-validation').step).toEqual([1, 2, 2]);
    expect(figure.description).toContain('at last: a 0.5000 after 2 steps, b - after 2 steps.');
  });

  it('keeps every step in its data, but draws no more than can be seen', async () => {
    const losses = Array.from({ length: 5000 }, (_, i) => 1 / (i + 1));
    const figure = trainingCurvesFigure('training', 'Losses', [training('a', losses)]);
    expect(numbersNamed(figure, 'training').loss).toHaveLength(5000);
    expect((await renderSvg(figure)).length).toBeLessThan(40_000);
  });

  it('is drawn as far as losses are finite numbers, and where they are 0', async () => {
    for (const loss of [
      [1, Number.NaN, 1],
      [1, Number.POSITIVE_INFINITY],
      [0, 0],
    ]) {
      expect(await renderSvg(trainingCurvesFigure('training', 'Losses', [training('a', loss)]))).not.toMatch(
        /NaN|Infinity/,
      );
    }
  });
});
