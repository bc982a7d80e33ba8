import fc from 'fast-check';
import { argmax, combine, type Outputs } from '../../src/ensemble/combine';
import { ensembles } from './outputs';

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

describe('argmax', () => {
  it('is the first of equal largest values, counted from its row', () => {
    expect(argmax(Float64Array.of(9, 9, 9, 1, 3, 3), 3, 3)).toBe(1);
  });
});
