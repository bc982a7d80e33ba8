import type { Direction } from '../../src/closed-form/directions';
import { tierByTier } from '../../src/closed-form/tier-by-tier';
import { resolveAnalytic } from '../../src/config/resolve';
import { openAnalytic } from '../../src/run/closed-form';

/** Search a preset's objective from so many random starts. */
export async function fromStarts(preset: string, starts: number, direction: Direction = 'coordinate') {
  return Promise.all(Array.from({ length: starts }, (_, seed) => fromStart(preset, seed, direction)));
}

/** Search a preset's objective from a random start: what was found, and which of the known minima are among it. */
export async function fromStart(preset: string, seed: number, direction: Direction = 'coordinate') {
  const config = resolveAnalytic([{ from: 'test', values: { preset, seed, search: { direction } } }]);
  const { objective, space } = openAnalytic(config);
  const outcome = await tierByTier(space, config);
  const { box, minima } = objective;
  const inBox = minima.points.filter((m) => m.every((mi, i) => mi > box.lower[i] && mi < box.upper[i]));
  const isAt = (x: readonly number[], m: readonly number[]) => x.every((xi, i) => Math.abs(xi - m[i]) < 1e-6);
  return {
    outcome,
    evaluations: space.evaluations,
    wanted: inBox.length,
    /** Known minima that were found, to 1e-6 in every coordinate. */
    found: inBox.filter((m) => outcome.graph.optima.some(({ x }) => isAt(x, m))).length,
    optima: outcome.graph.optima.length,
  };
}
