import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Returns draws from a named random stream of a run. Every use of randomness has its own stream ("pick/tier1"), so that
 * a new draw in one place does not shift those of others. The worker derives its streams in the same way
 * (`streams.py`).
 * @param seed the run's seed, 0 to 2^53 - 1
 * @returns a function that draws an integer, uniform in 0 to `below` - 1
 */
export function namedStream(seed: number, name: string): (below: number) => number {
  const digest = createHash('sha256').update(`${seed}/${name}`).digest();
  const generator = xoroshiro128plus(digest.readInt32LE(0));
  return (below) => uniformInt(generator, 0, below - 1);
}

const RESOLUTION = 2 ** 30;

/**
 * Returns `count` independent standard normal numbers (Box and Muller) from a stream's draws; as a direction they are
 * uniform on the sphere.
 */
export function normals(count: number, draw: (below: number) => number): Float64Array {
  return Float64Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log((draw(RESOLUTION) + 1) / RESOLUTION));
    return radius * Math.cos((2 * Math.PI * draw(RESOLUTION)) / RESOLUTION);
  });
}
