import { commonPace } from '../../../src/watch/browser/pace';

describe('the line of rho1 that stands for all paths', () => {
  it('joins the points of paths that take turns on one pace', () => {
    const paths = [{ rho1: [[0, 0.1], [2, 0.2]] }, { rho1: [[1, 0.1], [3, 0.2], [5, 0.3]] }] as const; // biome-ignore format: pairs
    expect(commonPace(paths)).toEqual([[0, 0.1], [1, 0.1], [2, 0.2], [3, 0.2], [5, 0.3]]); // biome-ignore format: pairs
  });

  it('does not exist for a path that was drawn again, nor for a single one', () => {
    const again = { rho1: [[0, 0.1], [2, 0.2], [2, null], [4, 0.1]] } as const; // biome-ignore format: pairs
    expect(commonPace([again, { rho1: [[1, 0.1]] }])).toBeNull();
    expect(commonPace([{ rho1: [[0, 0.1], [1, 0.2]] }, { rho1: [[2, 0.1]] }])).toBeNull(); // biome-ignore format: pairs
    expect(commonPace([{ rho1: [[0, 0.1]] }])).toBeNull();
  });
});
