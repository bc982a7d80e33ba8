import { barriersFigure } from '../../../src/report/figures/barriers';
import { classErrorsFigure } from '../../../src/report/figures/class-errors';
import { confusionFigure } from '../../../src/report/figures/confusion';
import { ensembleSizeFigure } from '../../../src/report/figures/ensemble-size';
import { methodScoresFigure } from '../../../src/report/figures/method-scores';
import { reliabilityFigure } from '../../../src/report/figures/reliability';
import { renderSvg } from '../../../src/report/figures/render';
import { marks, numbersNamed } from './pictures';

describe('ensembleSizeFigure', () => {
  const size = (members: number, error: number) => ({
    members,
    error,
    errorBest: error - 1,
    errorWorst: error + 1,
    loss: error / 10,
    lossBest: error / 11,
    lossWorst: error / 9,
  });
  const figure = ensembleSizeFigure({
    name: 'size',
    title: 'Sizes',
    error: { title: 'error (%)', digits: 2 },
    loss: 'cross-entropy (nats)',
    splits: { test: [size(1, 4), size(2, 3)], validation: [size(1, 5), size(2, 4)] },
  });

  it('draws a line a split in both panels, and the best and worst of each size', async () => {
    const svg = await renderSvg(figure);
    expect([marks(svg, 'line'), marks(svg, 'symbol'), marks(svg, 'rule')]).toEqual([4, 8, 8]);
    expect(figure.description).toContain(
      'test: error (%) from 4.00 to 3.00 and cross-entropy (nats) from 0.4000 to 0.3000 between 1 and 2 members',
    );
    expect(numbersNamed(figure, 'size').split).toEqual(['test', 'test', 'validation', 'validation']);
  });
});

describe('reliabilityFigure', () => {
  const bin = (from: number, samples: number, accuracy: number) => ({
    from,
    to: from + 0.1,
    samples,
    confidence: from + 0.05,
    accuracy,
  });
  const before = { label: 'as it is', bins: [bin(0.5, 10, 0.4), bin(0.9, 90, 0.99)], ecePct: 5.1 };
  const after = { label: 'at temperature 2.00', bins: [bin(0.6, 100, 0.6)], ecePct: 1.2 };

  it('draws bins before and after a temperature beside the diagonal, and says where most samples are', async () => {
    const figure = reliabilityFigure('reliability', 'Calibration', [before, after]);
    const svg = await renderSvg(figure);
    expect([marks(svg, 'line'), marks(svg, 'symbol')]).toEqual([3, 3]);
    expect(figure.description).toContain(
      'as it is: expected calibration error 5.10 %; 90 of 100 samples have a confidence of 0.90 to 1.00, and 99.0 % of them are right',
    );
    expect(figure.description).toContain('at temperature 2.00: expected calibration error 1.20 %');
  });
});

describe('classErrorsFigure', () => {
  const anError = (name: string, errors: number) => ({
    name,
    samples: 50,
    errors,
    errorPct: 2 * errors,
    membersErrorPct: 3 * errors,
    confusedWith: null,
    times: 0,
  });

  it('names the classes with most errors', () => {
    const figure = classErrorsFigure('classes', 'Errors', [anError('cat', 3), anError('dog', 5), anError('cow', 0)]);
    expect(figure.description).toContain('Most errors: dog (10.0 %, 5 of 50), cat (6.0 %, 3 of 50).');
  });

  it('draws the worst of many classes, and keeps all in its data', async () => {
    const many = Array.from({ length: 100 }, (_, k) => anError(`class ${k}`, k % 50));
    const figure = classErrorsFigure('classes', 'Errors', many);
    const svg = await renderSvg(figure);
    expect(marks(svg, 'symbol')).toBe(30);
    expect(svg).toContain('the 30 worst of 100 classes');
    expect(numbersNamed(figure, 'classes').name).toHaveLength(100);
  });

  it('says so where no class has an error', () => {
    expect(classErrorsFigure('classes', 'Errors', [anError('cat', 0)]).description).toContain('None has an error.');
  });
});

describe('barriersFigure', () => {
  it('says which barrier is the highest, and how many are evidence of another optimum', async () => {
    const barriers = [
      { network: 'tier1-1', parent: 'tier0', barrier: 0.002 },
      { network: 'tier1-2', parent: 'tier0', barrier: 0.03 },
    ];
    const figure = barriersFigure('barriers', 'Barriers', barriers, 0.01);
    expect(figure.description).toContain('The highest: 0.0300 nats (tier1-2 from tier0); 1 of 2 reach 0.01 nats.');
    expect(await renderSvg(figure)).toContain('>0.0300</text>');
  });
});

describe('methodScoresFigure', () => {
  const score = (method: string, seed: number, error: number) => ({ method, seed, error, loss: error / 10 });
  const error = { title: 'test error (%)', digits: 2 };

  it('draws every seed, and means with their standard errors', async () => {
    const scores = [score('DSP-TT', 0, 2), score('DSP-TT', 1, 4), score('FGE', 0, 5)];
    const figure = methodScoresFigure({ name: 'methods', title: 'Methods', error, scores });
    expect(marks(await renderSvg(figure), 'symbol')).toBe(2 * (3 + 2));
    expect(figure.description).toContain(
      'DSP-TT: test error (%) 3.00 ± 1.00; DSP-TT: test loss 0.3000 ± 0.1000; FGE: test error (%) 5.00;',
    );
    expect(numbersNamed(figure, 'methods-means').mean).toEqual([3, expect.closeTo(0.3), 5, 0.5]);
  });
});

describe('confusionFigure', () => {
  it('draws right answers apart from mistakes, with their numbers', async () => {
    const counts = [
      [7, 2, 0],
      [0, 9, 0],
      [1, 0, 8],
    ];
    const figure = confusionFigure('confusion', 'Answers', ['cat', 'dog', 'owl'], counts);
    const svg = await renderSvg(figure);
    const cells = [...svg.matchAll(/<path d="[^"]*" fill="(#e4e4e4|rgb)/g)].map(([, fill]) => fill);
    expect(cells).toEqual(['#e4e4e4', '#e4e4e4', '#e4e4e4', 'rgb', 'rgb']);
    expect([...svg.matchAll(/>(\d+)<\/text>/g)].map(([, number]) => number)).toEqual(['7', '2', '9', '1', '8']);
    expect(figure.description).toBe(
      'A table of the answers to the test samples of each of 3 classes. Most often: dog for cat (2), cat for owl (1).',
    );
    expect(numbersNamed(figure, 'confusion').samples).toEqual([7, 2, 9, 1, 8]);
  });

  it('draws the classes with the most mistakes where there are many, and says so', async () => {
    const classes = Array.from({ length: 40 }, (_, k) => `class ${k}`);
    const counts = classes.map((_, of) => classes.map((_, answer) => (of === answer ? 9 : of === 39 ? answer : 0)));
    const svg = await renderSvg(confusionFigure('confusion', 'Answers', classes, counts));
    expect(svg).toContain('the 20 most mistaken of 40 classes');
    expect(svg).toContain('class 39');
    expect(svg).not.toContain('>class 3<');
  });
});
