import { sparkline } from '../../../src/report/page/sparkline';

describe('a line of blocks', () => {
  it('goes from the least to the most', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█');
  });

  it('shows more numbers than it is long by the means of equal parts', () => {
    expect(sparkline([0, 2, 6, 8, 3, 5], 3)).toBe('▁█▅');
  });

  it('is flat where all are equal, and leaves out what is no finite number', () => {
    expect(sparkline([2, Number.NaN, 2])).toBe('▁▁');
    expect(sparkline([Number.POSITIVE_INFINITY])).toBe('');
  });
});
