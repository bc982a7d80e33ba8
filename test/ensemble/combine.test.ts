import fc from 'fast-check';
import { z } from 'zod';
import { argmax, combine, inverseLossWeights, type Outputs, RULES } from '../../src/ensemble/combine';
import { askPython } from '../python';
import { ensembles, madeUp } from './outputs';

const rows = (values: Outputs, classes: number) =>
  Array.from({ length: values.length / classes }, (_, row) =>
    Float64Array.from(values.subarray(row * classes, (row + 1) * classes)),
  );
const winners = (values: Outputs, classes: number) => rows(values, classes).map((row) => argmax(row, 0, classes));

describe('the mean of softmax outputs', () => {
  it('is the mean, class by class', () => {
    const members = [Float64Array.of(0.5, 0.5, 1, 0), Float64Array.of(0.25, 0.75, 0, 1)];
    expect([...combine(members, 2, 'meanSoftmax')]).toEqual([0.375, 0.625, 0.5, 0.5]);
  });

  it('of one member is that member, and leaves it as it was', () => {
    const member = Float32Array.of(0.25, 0.75);
    const mean = combine([member], 2, 'meanSoftmax');
    mean[0] = 9;
    expect([...combine([member], 2, 'meanSoftmax')]).toEqual([0.25, 0.75]);
  });

  it('is the same sum as one sample at a time, however many samples there are', () => {
    const members = [1, 2, 3].map((k) => madeUp(`large ${k}`, 3_000, 3, k).outputs);
    const got = combine(members, 3, 'meanSoftmax');
    for (const [i, value] of got.entries()) {
      expect(value).toBe(members.reduce((sum, outputs) => sum + (1 / 3) * outputs[i], 0));
    }
  });

  it('has rows that sum to 1', () => {
    fc.assert(
      fc.property(ensembles, ({ members, classes }) => {
        for (const row of rows(combine(members, classes, 'meanSoftmax'), classes)) {
          expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
        }
      }),
    );
  });
});

describe('a majority vote', () => {
  it('is won by the class that most members put first, however sure the others are', () => {
    const members = [Float64Array.of(0.51, 0.49), Float64Array.of(0.51, 0.49), Float64Array.of(0.01, 0.99)];
    const shares = combine(members, 2, 'majorityVote');
    expect(shares[0]).toBeCloseTo(2 / 3, 5);
    expect(shares[1]).toBeCloseTo(1 / 3, 5);
  });

  it('with a tie is won by the tied class with the larger mean probability', () => {
    const members = [Float64Array.of(0.6, 0.4, 0), Float64Array.of(0.1, 0.9, 0)];
    expect(winners(combine(members, 3, 'majorityVote'), 3)).toEqual([1]);
    const four = [...members, Float64Array.of(0.8, 0.2, 0), Float64Array.of(0.45, 0.55, 0)];
    expect(winners(combine(four, 3, 'majorityVote'), 3)).toEqual([1]);
  });

  it('with a tie is not won by a class that fewer members put first, even if its mean is largest', () => {
    const members = [
      Float64Array.of(0.5, 0.05, 0.45),
      Float64Array.of(0.5, 0.05, 0.45),
      Float64Array.of(0.05, 0.5, 0.45),
      Float64Array.of(0.05, 0.5, 0.45),
      Float64Array.of(0, 0, 1),
    ];
    expect(winners(combine(members, 3, 'majorityVote'), 3)).not.toContain(2);
  });

  it('is won, in every row, by a class with the most votes', () => {
    fc.assert(
      fc.property(ensembles, ({ members, classes }) => {
        const votes = members.map((outputs) => winners(outputs, classes));
        for (const [row, winner] of winners(combine(members, classes, 'majorityVote'), classes).entries()) {
          const counts = new Float64Array(classes);
          for (const vote of votes) counts[vote[row]] += 1;
          expect(counts[winner]).toBe(Math.max(...counts));
        }
      }),
    );
  });

  it('gives shares that sum to 1, so that its cross-entropy is not below 0', () => {
    const shares = combine([Float64Array.of(0.9, 0.1), Float64Array.of(0.8, 0.2)], 2, 'majorityVote');
    expect(shares[0]).toBeLessThanOrEqual(1);
    expect(shares[0] + shares[1]).toBeCloseTo(1, 9);
  });

  it('of one member is won by what that member puts first', () => {
    fc.assert(
      fc.property(ensembles, ({ members: [member], classes }) => {
        expect(winners(combine([member], classes, 'majorityVote'), classes)).toEqual(winners(member, classes));
      }),
    );
  });
});

const VOTES = `
import numpy as np

p = np.array(given["outputs"]).reshape(len(given["outputs"]), -1, given["classes"])
votes = (p.argmax(2)[..., None] == np.arange(given["classes"])).sum(0)
tied = np.where(votes == votes.max(1, keepdims=True), p.mean(0), -1)
answer = {
    "winners": tied.argmax(1).tolist(),
    "ties": int(((votes == votes.max(1, keepdims=True)).sum(1) > 1).sum()),
    "weighted": np.average(p, axis=0, weights=given["weights"]).ravel().tolist(),
}
`;

describe('combined outputs, against numpy', () => {
  const members = [1, 2, 3, 4].map((k) => madeUp(`vote ${k}`, 300, 3, 1 + k / 10).outputs);
  const weights = [1, 0.5, 3, 0];
  const schema = z.strictObject({ winners: z.array(z.int()), ties: z.int(), weighted: z.array(z.number()) });
  let oracle: z.infer<typeof schema>;
  beforeAll(() => {
    oracle = schema.parse(askPython(VOTES, { outputs: members.map((m) => [...m]), classes: 3, weights }));
  });

  it('have the winners that most votes make, ties by mean probability', () => {
    expect(oracle.ties).toBeGreaterThan(20);
    expect(winners(combine(members, 3, 'majorityVote'), 3)).toEqual(oracle.winners);
  });

  it.each(['meanSoftmax', 'mean', 'validationWeighted'] as const)('are the weighted average, by %s', (rule) => {
    for (const [i, value] of combine(members, 3, rule, weights).entries()) {
      expect(value).toBeCloseTo(oracle.weighted[i], 12);
    }
  });
});

describe('weights', () => {
  it('of members picked twice are the same as the member twice', () => {
    fc.assert(
      fc.property(ensembles, fc.constantFrom(...RULES), ({ members, classes }, rule) => {
        const [first, ...others] = members;
        const counts = [2, ...others.map(() => 1)];
        const [weighted, repeated] = [
          combine(members, classes, rule, counts),
          combine([first, ...members], classes, rule, [1, ...members.map(() => 1)]),
        ];
        for (const [i, value] of weighted.entries()) expect(value).toBeCloseTo(repeated[i], 9);
      }),
    );
  });

  it('decide a vote', () => {
    const members = [Float64Array.of(0.9, 0.1), Float64Array.of(0.8, 0.2), Float64Array.of(0.4, 0.6)];
    expect(winners(combine(members, 2, 'majorityVote'), 2)).toEqual([0]);
    expect(winners(combine(members, 2, 'majorityVote', [1, 1, 3]), 2)).toEqual([1]);
  });

  it('are not made up where the rule asks for them', () => {
    expect(() => combine([Float64Array.of(1)], 1, 'validationWeighted')).toThrow(/needs weights/);
  });

  it('by inverse loss are those of Bates and Granger: half the loss, twice the weight', () => {
    expect(inverseLossWeights([0.2, 0.1, 0.4])).toEqual([2 / 7, 4 / 7, 1 / 7].map((w) => expect.closeTo(w, 12)));
  });

  it('by inverse loss are shared by the members without any loss', () => {
    expect(inverseLossWeights([0, 0.1, 0, 1])).toEqual([0.5, 0, 0.5, 0]);
  });

  it('by inverse loss sum to 1, never fall as a loss falls, and do not depend on its unit', () => {
    const losses = fc.array(fc.double({ min: 1e-6, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(losses, (some) => {
        const got = inverseLossWeights(some);
        expect(got.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        const scaled = inverseLossWeights(some.map((loss) => 7 * loss));
        for (const [a, loss] of some.entries()) {
          expect(scaled[a]).toBeCloseTo(got[a], 9);
          for (const [b, other] of some.entries()) if (loss < other) expect(got[a]).toBeGreaterThanOrEqual(got[b]);
        }
      }),
    );
  });
});

describe('every rule', () => {
  it('gives the same in any order of the members', () => {
    fc.assert(
      fc.property(ensembles, fc.constantFrom(...RULES), ({ members, classes }, rule) => {
        const weights = members.map((_, k) => k + 1);
        const [there, back] = [
          combine(members, classes, rule, weights),
          combine(members.toReversed(), classes, rule, weights.toReversed()),
        ];
        for (const [i, value] of there.entries()) expect(value).toBeCloseTo(back[i], 9);
      }),
    );
  });
});

describe('argmax', () => {
  it('is the first of equal largest values, counted from its row', () => {
    expect(argmax(Float64Array.of(9, 9, 9, 1, 3, 3), 3, 3)).toBe(1);
  });
});
