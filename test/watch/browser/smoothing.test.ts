import { smoothed } from '../../../src/watch/browser/smoothing';

describe('the smoothing of a line', () => {
  it('weighs each point with those before it, and keeps the places', () => {
    expect(smoothed([[0, 8], [5, 4], [6, 0]], 0.5)).toEqual([[0, 8], [5, 6], [6, 3]]); // biome-ignore format: pairs
  });

  it('begins anew behind a gap', () => {
    expect(smoothed([[0, 8], [1, null], [2, 4]], 0.5)).toEqual([[0, 8], [1, null], [2, 4]]); // biome-ignore format: pairs
  });

  it('leaves a line as it is at weight 0', () => {
    const line = [[0, 8], [3, 1], [4, 2]] as const; // biome-ignore format: pairs
    expect(smoothed(line, 0)).toEqual(line);
  });
});
