import { networkEncoding, networksOf } from '../../../src/report/figures/networks';
import { reliabilityFigure } from '../../../src/report/figures/reliability';
import { renderSvg } from '../../../src/report/figures/render';
import { DASHES, PALETTE } from '../../../src/report/figures/style';
import { numbersNamed } from './pictures';

const rangesOf = (domain: readonly string[], networks?: readonly string[]) => {
  const { color, strokeDash } = networkEncoding('network', domain, networks);
  return { colors: color.scale.range, dashes: strokeDash.scale.range };
};

describe('the colour and the pattern of a network', () => {
  const networks = ['tier0', 'tier1-1', 'tier1-2'];

  it('are the same in a chart of searches as in one of trainings', () => {
    expect(rangesOf(networks, networks).colors).toEqual(PALETTE.slice(0, 3));
    expect(rangesOf(['tier1-2'], networks)).toEqual({ colors: [PALETTE[2]], dashes: [DASHES[2]] });
  });

  it('go by the order of all names of a run, also of paths that led to no network', () => {
    const training = { network: 'tier0', step: [0], lr: [1], loss: [1], validation: [] };
    const path = ['tier1-10', 'tier1-2', 'tier1-10'];
    const search = {
      tier: 1,
      path,
      round: [1, 1, 1],
      loss: [1, 1, 1],
      rho1: [0, 0, 0],
      norm: [0, 0, 0],
      decay: 0.9,
      exits: [],
    };
    expect(networksOf({ descents: [training], searches: [search] })).toEqual(['tier0', 'tier1-2', 'tier1-10']);
  });
});

describe('the reliability diagram', () => {
  const bin = { from: 0.9, to: 1, confidence: 0.95, accuracy: 1 };
  const bins = [
    { ...bin, samples: 2 },
    { ...bin, from: 0.8, to: 0.9, confidence: 0.85, samples: 889 },
  ];
  const figure = reliabilityFigure('reliability', 'Reliability', [{ label: 'as it is', bins, ecePct: 1 }]);

  it('has an interval for every bin: wide for 2 samples, narrow for 889, never beyond 0 and 1', () => {
    const { low, high } = numbersNamed(figure, 'reliability');
    expect(low[0]).toBeCloseTo(0.3424, 3); // Wilson: 1 / (1 + 1.96 ** 2 / n)
    expect(low[1]).toBeCloseTo(0.9957, 3);
    expect(Array.from(high, (value) => Math.min(1, Number(value)))).toEqual(Array.from(high, Number));
  });

  it('shows a bin of few samples as a hollow point', async () => {
    const svg = await renderSvg(figure);
    expect(svg.match(/fill="white" stroke="#0072b2"/g)).toHaveLength(1);
  });
});
