import fc from 'fast-check';
import { type End, judgeEnds, nearestAcross } from '../../src/verification/judge-ends';

/** Where a point came to rest on a line, and on which side of the exit it began. */
interface Rest extends End {
  readonly at: number;
}

const near = (at: number): Rest => ({ side: 'before', at });
const beyond = (at: number): Rest => ({ side: 'after', at });
const distancesOf = (ends: readonly Rest[]) =>
  Float64Array.from(ends.flatMap(({ at }) => ends.map((other) => Math.abs(at - other.at))));
const judge = (ends: readonly Rest[], barrier = 1, rise = 0.01) =>
  judgeEnds(ends, distancesOf(ends), { barrier, rise });

const rests = fc
  .tuple(
    fc.array(fc.integer({ min: -50, max: 50 }).map(near), { minLength: 1, maxLength: 5 }),
    fc.array(fc.integer({ min: -50, max: 500 }).map(beyond), { minLength: 1, maxLength: 5 }),
    fc.nat(),
  )
  .map(([one, other, turn]) => {
    const all = [...one, ...other];
    return [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)];
  });

describe('nearestAcross', () => {
  it('names the end before and the end after that lie nearest to each other', () => {
    const ends = [near(0), near(3), beyond(10), beyond(7), near(-2)];
    expect(nearestAcross(ends, distancesOf(ends))).toEqual([1, 3]);
  });

  it('names the end before first, whichever stands first among the ends', () => {
    const ends = [beyond(10), near(0)];
    expect(nearestAcross(ends, distancesOf(ends))).toEqual([1, 0]);
  });

  it('refuses ends of one side alone', () => {
    expect(() => nearestAcross([near(0), near(1)], new Float64Array(4))).toThrow('ends of both sides');
    expect(() => nearestAcross([beyond(0)], new Float64Array(1))).toThrow('ends of both sides');
    expect(() => nearestAcross([], new Float64Array(0))).toThrow('ends of both sides');
  });

  it('finds ends of both sides, and no nearer ones exist', () => {
    fc.assert(
      fc.property(rests, (ends) => {
        const [from, to] = nearestAcross(ends, distancesOf(ends));
        expect([ends[from].side, ends[to].side]).toEqual(['before', 'after']);
        const across = ends.flatMap((end) =>
          end.side === 'before'
            ? ends.flatMap(({ side, at }) => (side === 'after' ? [Math.abs(end.at - at)] : []))
            : [],
        );
        expect(Math.abs(ends[from].at - ends[to].at)).toBe(Math.min(...across));
      }),
    );
  });
});

describe('judgeEnds', () => {
  it('takes ends for different optima when they lie far apart and a barrier is between them', () => {
    const ends = [near(0), near(1), beyond(100), beyond(102)];
    expect(judge(ends)).toEqual({ different: true, within: 2, across: 99, barrier: 1 });
  });

  it('does not where the ends of one side lie a tenth as far from each other', () => {
    expect(judge([near(0), near(10), beyond(110)])).toMatchObject({ different: false, within: 10, across: 100 });
    expect(judge([near(0), near(10), beyond(110.5)])).toMatchObject({ different: true });
    expect(judge([near(0), beyond(90), beyond(99)])).toMatchObject({ different: false, within: 9, across: 90 });
  });

  it('takes a side of one end for one that is as narrow as can be', () => {
    expect(judge([near(0), beyond(0.001)])).toMatchObject({ different: true, within: 0 });
    expect(judge([near(0), beyond(0)])).toMatchObject({ different: false, across: 0 });
  });

  it.each([
    [0.01, true],
    [0.0099, false],
    [0, false],
    [Number.NaN, false],
  ])('with a barrier of %d answers %p', (barrier, different) => {
    expect(judge([near(0), beyond(1)], barrier)).toMatchObject({ different, barrier });
  });

  it('judges nothing by distances that are not numbers', () => {
    const ends = [near(0), beyond(1)];
    expect(judgeEnds(ends, new Float64Array(4).fill(Number.NaN), { barrier: 1, rise: 0.01 }).different).toBe(false);
  });

  it('does not depend on the order of the ends, nor on which side is called before', () => {
    fc.assert(
      fc.property(rests, (ends) => {
        const verdict = judge(ends);
        expect(judge([...ends].reverse())).toEqual(verdict);
        expect(judge(ends.map(({ side, at }) => (side === 'before' ? beyond(at) : near(at))))).toEqual(verdict);
      }),
    );
  });

  it('measures the widest side and the gap, and says different only by both', () => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(rests, (ends) => {
        const width = (side: End['side']) => {
          const own = ends.filter((end) => end.side === side).map(({ at }) => at);
          return Math.max(...own) - Math.min(...own);
        };
        const { different, within, across } = judge(ends);
        expect(within).toBe(Math.max(width('before'), width('after')));
        expect(different).toBe(across > 10 * within);
        seen.add(different);
      }),
    );
    expect(seen.size).toBe(2);
  });
});
