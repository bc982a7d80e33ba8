import { combine } from '../../src/ensemble/combine';
import { ensemblesBySize } from '../../src/ensemble/growth';
import { metrics } from '../../src/ensemble/metrics';

const MEMBERS = [
  Float32Array.of(0.9, 0.1, 0.6, 0.4),
  Float32Array.of(0.7, 0.3, 0.2, 0.8),
  Float32Array.of(0.2, 0.8, 0.7, 0.3),
];
const TARGETS = Float32Array.of(0, 1);

describe('ensembles by size', () => {
  const sizes = ensemblesBySize(MEMBERS, TARGETS, 'crossEntropy');

  it('begin with the members alone: their mean, the best and the worst', () => {
    const alone = MEMBERS.map((outputs) => metrics(outputs, TARGETS));
    expect(alone.map(({ errorPct }) => errorPct)).toEqual([50, 0, 100]);
    expect(sizes[0]).toMatchObject({ members: 1, error: 50, errorBest: 0, errorWorst: 100 });
    expect(sizes[0].loss).toBeCloseTo(alone.reduce((sum, { loss }) => sum + loss, 0) / 3, 12);
  });

  it('end with the ensemble of all, of which there is one', () => {
    const { errorPct, loss } = metrics(combine(MEMBERS, 2, 'meanSoftmax'), TARGETS);
    expect(sizes).toHaveLength(3);
    expect(sizes[2]).toEqual({
      members: 3,
      error: errorPct,
      errorBest: errorPct,
      errorWorst: errorPct,
      loss,
      lossBest: loss,
      lossWorst: loss,
    });
  });

  it('let every member count as often as any other', () => {
    const pairs = [
      [0, 1],
      [1, 2],
      [2, 0],
    ].map(
      (pair) =>
        metrics(
          combine(
            pair.map((k) => MEMBERS[k]),
            2,
            'meanSoftmax',
          ),
          TARGETS,
        ).loss,
    );
    expect(sizes[1].loss).toBeCloseTo((pairs[0] + pairs[1] + pairs[2]) / 3, 12);
    expect([sizes[1].lossBest, sizes[1].lossWorst]).toEqual([Math.min(...pairs), Math.max(...pairs)]);
  });

  it('have a root mean squared error where numbers are predicted', () => {
    const [one, two] = ensemblesBySize(
      [Float32Array.of(1, 3), Float32Array.of(3, 3)],
      Float32Array.of(2, 3),
      'meanSquared',
    );
    expect(one).toMatchObject({ error: Math.sqrt(0.5), loss: 0.5 });
    expect(two).toMatchObject({ error: 0, loss: 0 });
  });
});
