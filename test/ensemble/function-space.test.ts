import fc from 'fast-check';
import { answerMap, independentDisagreement, perturbedDisagreement } from '../../src/ensemble/function-space';
import { placeRun } from '../../src/ensemble/placed-members';
import { namedStream } from '../../src/trust-tech/streams';

const SAMPLES = 20_000;

/** Counts what a result states of two networks' answers: errors, and samples answered otherwise. */
function measured(member: readonly number[], base: readonly number[], targets: readonly number[]) {
  const differing = (one: readonly number[], other: readonly number[]) =>
    (100 * one.filter((answer, sample) => answer !== other[sample]).length) / one.length;
  return [
    { network: 'tier0', errorPct: differing(base, targets), disagreementPct: 0 },
    { network: 'tier1-1', errorPct: differing(member, targets), disagreementPct: differing(member, base) },
  ];
}

describe('a network in function space', () => {
  it('is at 1.967 if it is independent, with 3 % errors of ten classes, and at 0 as a copy (Fort 2020)', () => {
    expect(independentDisagreement(0.97, 0.97, 10)).toBeCloseTo(1.967, 3);
    expect(perturbedDisagreement(0.97, 0.97, 10)).toBe(0);
  });

  it.each([
    [0.9, 0.8, 10],
    [0.6, 0.7, 3],
  ])('lies on the upper curve if it is right and wrong by itself (%p, %p, %p classes)', (a, b, classes) => {
    const below = namedStream(3, 'test');
    const targets = Array.from({ length: SAMPLES }, () => below(classes));
    const drawn = (accuracy: number) =>
      targets.map((target) => (below(1000) < 1000 * accuracy ? target : (target + 1 + below(classes - 1)) % classes));
    const placed = placeRun(measured(drawn(a), drawn(b), targets), classes)?.members[0];
    expect((placed?.normalised ?? 0) / (placed?.independent ?? 0)).toBeCloseTo(1, 1);
  });

  it('lies on the lower curve if it is its base with some answers replaced at random', () => {
    const [below, classes] = [namedStream(4, 'test'), 5];
    const other = (answer: number) => (answer + 1 + below(classes - 1)) % classes;
    const targets = Array.from({ length: SAMPLES }, () => below(classes));
    const base = targets.map((target) => (below(1000) < 900 ? target : other(target)));
    const member = base.map((answer) => (below(1000) < 200 ? other(answer) : answer));
    const placed = placeRun(measured(member, base, targets), classes)?.members[0];
    expect((placed?.normalised ?? 0) / (placed?.perturbed ?? 0)).toBeCloseTo(1, 1);
  });

  it('has both references where these exist', () => {
    const run = placeRun(measured([0, 1, 1, 1], [0, 1, 2, 1], [0, 1, 2, 0]), 3);
    expect(run).toMatchObject({ base: 'tier0', baseAccuracy: 0.75 });
    const { accuracy, disagreement, normalised, independent, perturbed } = run?.members[0] ?? {};
    expect({ accuracy, disagreement, normalised }).toEqual({ accuracy: 0.5, disagreement: 0.25, normalised: 0.5 });
    expect(perturbed).toBeCloseTo(perturbedDisagreement(0.5, 0.75, 3), 12);
    expect(independent).toBeCloseTo(independentDisagreement(0.5, 0.75, 3), 12);
  });

  it('has no lower one above the accuracy of the base, nor where the base answers at random', () => {
    const targets = [0, 1, 2, 0];
    const placed = (base: number[], member: number[]) => placeRun(measured(member, base, targets), 3)?.members[0];
    expect(placed([0, 1, 1, 1], [0, 1, 2, 1])?.perturbed).toBeNull();
    expect(placed([0, 0, 0, 1], [1, 0, 0, 1])?.perturbed).toBeNull();
    expect(placed([0, 1, 2, 1], [0, 1, 2, 0])).toMatchObject({ normalised: null, independent: null });
  });

  it('is not placed where it is alone', () => {
    expect(placeRun(measured([0], [0], [0]).slice(0, 1), 3)).toBeNull();
    expect(placeRun([], 3)).toBeNull();
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
