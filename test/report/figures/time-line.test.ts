import { renderSvg } from '../../../src/report/figures/render';
import { timeLineFigure } from '../../../src/report/figures/time-line';
import { numbersNamed } from './pictures';

const STRETCHES = [
  { name: 'tier0', kind: 'tier 0', steps: 60, seconds: 1.25 },
  { name: 'search of tier 1', kind: 'search', steps: 1040, seconds: 75 },
];

describe('timeLineFigure', () => {
  it('lays stretches one after the other along the gradient evaluations', () => {
    const figure = timeLineFigure('budget', 'The budget', STRETCHES);
    expect(numbersNamed(figure, 'budget')).toMatchObject({ from: [0, 60], to: [60, 1100] });
    expect(figure.description).toContain(
      'along 1,100 gradient evaluations. tier0: 60 steps in 1.3 s; search of tier 1: 1,040 steps in 1:15.',
    );
  });

  it('names every stretch, with its steps and time', async () => {
    const svg = await renderSvg(timeLineFigure('budget', 'The budget', STRETCHES));
    for (const text of ['tier0', 'search of tier 1', '60 steps, 1.3 s', '1,040 steps, 1:15'])
      expect(svg).toContain(`>${text}</text>`);
  });
});
