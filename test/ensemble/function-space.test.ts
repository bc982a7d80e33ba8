import fc from 'fast-check';
import {
  answerMap,
  independentDisagreement,
  perturbedDisagreement,
  placeAnswers,
} from '../../src/ensemble/function-space';
import { placeRun } from '../../src/ensemble/placed-members';
import { namedStream } from '../../src/trust-tech/streams';

const SAMPLES = 20_000;

/** One-hot answers [samples, classes]. */
function outputsOf(answers: readonly number[], classes: number): Float32Array {
  const outputs = new Float32Array(answers.length * classes);
  for (const [sample, answer] of answers.entries()) outputs[sample * classes + answer] = 1;
  return outputs;
}

describe('the place of answers beside those of a base network', () => {
  it('counts right and different answers of each sample', () => {
    const [member, base] = [outputsOf([0, 1, 2, 0], 3), outputsOf([0, 2, 2, 1], 3)];
    expect(placeAnswers(member, base, Float32Array.of(0, 1, 0, 0))).toEqual({
      ...{ accuracy: 0.75, disagreement: 0.5, normalised: 2 },
    });
    expect(placeAnswers(base, base, Float32Array.of(0, 2, 2, 1))).toMatchObject({ disagreement: 0, normalised: null });
  });

  it('is 1.967 for independent networks with 3 % errors of ten classes, and 0 for a copy (Fort 2020)', () => {
    expect(independentDisagreement(0.97, 0.97, 10)).toBeCloseTo(1.967, 3);
    expect(perturbedDisagreement(0.97, 0.97, 10)).toBe(0);
  });

  it.each([
    [0.9, 0.8, 10],
    [0.6, 0.7, 3],
  ])(
    'lies on the upper curve for answers that are right and wrong by themselves (%p, %p, %p classes)',
    (a, b, classes) => {
      const below = namedStream(3, 'test');
      const targets = Float32Array.from({ length: SAMPLES }, () => below(classes));
      const drawn = (accuracy: number) =>
        Array.from(targets, (target) =>
          below(1000) < 1000 * accuracy ? target : (target + 1 + below(classes - 1)) % classes,
        );
      const [member, base] = [drawn(a), drawn(b)].map((answers) => outputsOf(answers, classes));
      const { accuracy, normalised } = placeAnswers(member, base, targets);
      const baseAccuracy = placeAnswers(base, base, targets).accuracy;
      expect((normalised ?? 0) / independentDisagreement(accuracy, baseAccuracy, classes)).toBeCloseTo(1, 1);
    },
  );

  it('lies on the lower curve for answers of the base, some of them replaced at random', () => {
    const [below, classes] = [namedStream(4, 'test'), 5];
    const targets = Float32Array.from({ length: SAMPLES }, () => below(classes));
    const other = (answer: number) => (answer + 1 + below(classes - 1)) % classes;
    const base = Array.from(targets, (target) => (below(1000) < 1000 * 0.9 ? target : other(target)));
    const member = base.map((answer) => (below(1000) < 1000 * 0.2 ? other(answer) : answer));
    const { accuracy, normalised } = placeAnswers(outputsOf(member, classes), outputsOf(base, classes), targets);
    expect((normalised ?? 0) / perturbedDisagreement(accuracy, 0.9, classes)).toBeCloseTo(1, 1);
  });
});

describe('networks beside the first of them', () => {
  const targets = Float32Array.of(0, 1, 2, 0);
  const placed = (first: readonly number[], second: readonly number[]) => {
    const outputs = new Map([['tier0', outputsOf(first, 3)], ['tier1-1', outputsOf(second, 3)]] as const); // biome-ignore format: pairs
    return placeRun(outputs, targets, 3);
  };

  it('have both references where these exist', () => {
    const run = placed([0, 1, 2, 1], [0, 1, 1, 1]);
    expect(run).toMatchObject({ base: 'tier0', baseAccuracy: 0.75, members: [{ network: 'tier1-1', accuracy: 0.5 }] });
    expect(run?.members[0].perturbed).toBeCloseTo(perturbedDisagreement(0.5, 0.75, 3), 12);
    expect(run?.members[0].independent).toBeCloseTo(independentDisagreement(0.5, 0.75, 3), 12);
  });

  it('have no lower one above the accuracy of the base, nor where the base answers at random', () => {
    expect(placed([0, 1, 1, 1], [0, 1, 2, 1])?.members[0].perturbed).toBeNull();
    expect(placed([0, 0, 0, 1], [1, 0, 0, 1])?.members[0].perturbed).toBeNull();
    expect(placed([0, 1, 2, 1], [0, 1, 2, 0])?.members[0]).toMatchObject({ normalised: null, independent: null });
  });

  it('are not placed where there is one alone', () => {
    expect(placeRun(new Map([['single', outputsOf([0, 1, 2, 0], 3)]]), targets, 3)).toBeNull();
  });
});

describe('the map of answers', () => {
  const row = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 12, maxLength: 12 });
  const probabilities = row.map((weights) => {
    const sums = [0, 1, 2, 3].map((s) => weights.slice(3 * s, 3 * s + 3).reduce((a, b) => a + b));
    return Float64Array.from(weights, (weight, i) => weight / sums[Math.floor(i / 3)]);
  });
  const hellinger = (p: Float64Array, q: Float64Array) =>
    Math.sqrt(p.reduce((sum, value, i) => sum + (Math.sqrt(value) - Math.sqrt(q[i])) ** 2, 0) / 8);

  it('keeps the distances of three networks, which lie in a plane', () => {
    fc.assert(
      fc.property(probabilities, probabilities, probabilities, (...members) => {
        const map = answerMap(members, 4);
        if (map === null) return members.every((one) => hellinger(one, members[0]) < 1e-5);
        for (const [i, [x, y]] of map.places.entries())
          for (const [j, [u, v]] of map.places.entries())
            expect(Math.hypot(x - u, y - v)).toBeCloseTo(hellinger(members[i], members[j]), 6);
        expect(map.shares[0] + map.shares[1]).toBeCloseTo(1, 9);
        return true;
      }),
    );
  });

  it('does not exist for networks that answer the same', () => {
    const one = Float64Array.of(0.5, 0.5, 0.1, 0.9);
    expect(answerMap([one, one, one], 2)).toBeNull();
  });
});
