import fc from 'fast-check';
import { combine } from '../../src/ensemble/combine';
import { deepEnsembleCurve, deepEnsembleEquivalent } from '../../src/ensemble/equivalent';
import { fitTemperature, lossAtTemperature } from '../../src/ensemble/temperature';
import { madeUp, type Sample } from './outputs';

/** Networks that are right about the same targets as often, and err each in its own way. */
function networks(split: string, count: number) {
  const samples: Sample[] = Array.from({ length: count }, (_, k) => madeUp(`${split} ${k}`, 150, 4, 0));
  const { targets } = madeUp(split, 150, 4, 0);
  const outputs = samples.map((_, k) => retargeted(madeUp(`${split} noise ${k}`, 150, 4, 6), targets));
  return { outputs, targets };
}

/** Each row turned round so that what stood at its own target stands at the given one. */
function retargeted({ outputs, targets: own, classes }: Sample, targets: Int32Array): Float64Array {
  return outputs.map((_, i) => {
    const [sample, c] = [Math.floor(i / classes), i % classes];
    return outputs[sample * classes + ((c - targets[sample] + own[sample] + classes) % classes)];
  });
}

describe('the curve of deep ensembles', () => {
  const [validation, test] = [networks('validation', 5), networks('test', 5)];
  const curve = deepEnsembleCurve(validation, test);
  const calibrated = (chosen: readonly number[]) => {
    const [fitted, scored] = [validation, test].map(({ outputs }) =>
      combine(
        chosen.map((k) => outputs[k]),
        4,
        'meanSoftmax',
      ),
    );
    return lossAtTemperature(scored, test.targets, fitTemperature(fitted, validation.targets));
  };
  const mean = (sets: readonly (readonly number[])[]) =>
    sets.map(calibrated).reduce((sum, loss) => sum + loss / sets.length, 0);

  it('has the mean calibrated loss of one network, of two neighbours, and so on, up to all', () => {
    expect(curve).toHaveLength(5);
    expect(curve[0]).toBeCloseTo(mean([[0], [1], [2], [3], [4]]), 9);
    expect(curve[1]).toBeCloseTo(mean([[0, 1], [1, 2], [2, 3], [3, 4], [4, 0]]), 9); // biome-ignore format: pairs in a row
    expect(curve[4]).toBeCloseTo(calibrated([0, 1, 2, 3, 4]), 9);
  });

  it('falls as independent networks join', () => {
    for (let k = 1; k < 5; k += 1) expect(curve[k]).toBeLessThan(curve[k - 1]);
  });

  it('does not depend on which network comes first', () => {
    const turned = ({ outputs, targets }: typeof test) => ({
      outputs: [...outputs.slice(2), ...outputs.slice(0, 2)],
      targets,
    });
    for (const [k, loss] of deepEnsembleCurve(turned(validation), turned(test)).entries()) {
      expect(loss).toBeCloseTo(curve[k], 9);
    }
  });
});

describe('the deep-ensemble equivalent', () => {
  const curve = [0.5, 0.4, 0.36, 0.35];

  it.each([
    ['a size whose loss it has', 0.36, 3],
    ['between two sizes, in proportion', 0.45, 1.5],
    ['between two others', 0.3575, 3.25],
    ['one network', 0.5, 1],
    ['the most there are', 0.35, 4],
  ])('is %s', (_what, loss, expected) => {
    const { networks: count, relation } = deepEnsembleEquivalent(curve, loss);
    expect(relation).toBe('equal');
    expect(count).toBeCloseTo(expected, 9);
  });

  it('is less than one network for a loss above the single one', () => {
    expect(deepEnsembleEquivalent(curve, 0.51)).toEqual({ networks: 1, relation: 'fewer' });
  });

  it('is more than there are for a loss that the curve never reaches', () => {
    expect(deepEnsembleEquivalent(curve, 0.34)).toEqual({ networks: 4, relation: 'more' });
  });

  it('is the smallest such number where the curve rises again', () => {
    expect(deepEnsembleEquivalent([0.5, 0.3, 0.4, 0.3], 0.4).networks).toBeCloseTo(1.5, 9);
  });

  it('never falls as the loss falls', () => {
    const falling = fc
      .array(fc.double({ min: 1e-3, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 })
      .map((drops) => drops.map((_, k) => 10 - drops.slice(0, k + 1).reduce((sum, drop) => sum + drop, 0)));
    const loss = fc.double({ min: 3, max: 11, noNaN: true });
    fc.assert(
      fc.property(falling, loss, loss, (some, one, other) => {
        const [lower, higher] = [Math.min(one, other), Math.max(one, other)];
        const [more, fewer] = [lower, higher].map((value) => deepEnsembleEquivalent(some, value).networks);
        expect(more).toBeGreaterThanOrEqual(fewer);
        expect(fewer).toBeGreaterThanOrEqual(1);
        expect(more).toBeLessThanOrEqual(some.length);
      }),
    );
  });
});
