import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import { counts, list, numbers, seeds } from '../../../src/cli/flags/parsers';

describe('seeds', () => {
  it('are a list, a range with both its ends, or both', () => {
    expect(seeds('4')).toEqual([4]);
    expect(seeds('0,2, 7')).toEqual([0, 2, 7]);
    expect(seeds('0-3')).toEqual([0, 1, 2, 3]);
    expect(seeds('9,0-2,5-5')).toEqual([9, 0, 1, 2, 5]);
  });

  it('are as many as the range has', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(50), (from, more) => {
        const all = seeds(`${from}-${from + more}`);
        expect([all.length, all[0], all.at(-1)]).toEqual([more + 1, from, from + more]);
      }),
    );
  });

  it.each(['', ',', '1,', '-1', '3-1', '1-2-3', '0-99999999', '1,1', '0-3,2', '1.5', 'x'])(
    'are refused as %j',
    (text) => {
      expect(() => seeds(text)).toThrow(InvalidArgumentError);
    },
  );
});

describe('lists', () => {
  it('are separated by commas, spaces aside', () => {
    expect(list('dsp-tt, single')).toEqual(['dsp-tt', 'single']);
    expect(counts('5, 5')).toEqual([5, 5]);
    expect(numbers('0.001, 1e-2,-3')).toEqual([0.001, 0.01, -3]);
  });

  it('of numbers hold nothing else', () => {
    for (const text of ['', '1,,2', '1,x', 'NaN', 'Infinity']) {
      expect(() => numbers(text)).toThrow(InvalidArgumentError);
    }
  });
});
