import { GRADIENT } from '../trust-tech/space';
import type { FlowEnd } from './flow-space';
import { calibrationOf, type LosPath, type LosSearch, pathsOf, searchLos } from './search-los';

export interface ExitCheckOptions {
  /** Number of the path among those of its LOS, from 0. */
  readonly path: number;
  /** Number of samples on each side of the exit, and of steps of the path between two of them. */
  readonly each: number;
  readonly spacing: number;
}

/** A point of a search path, and the flow from it. */
export interface ExitSample {
  /** Steps of the path relative to its exit: below 0 before it, above 0 beyond it. */
  readonly offset: number;
  readonly rho1: number;
  readonly value: number;
  readonly x: Float64Array;
  /** End of the flow from the sample, with its trajectory. */
  readonly end: FlowEnd;
}

/** Verification of an exit point (section 5.1, figure 3c). */
export interface ExitCheck {
  readonly path: LosPath;
  /** Samples around the exit; empty if the path found no exit. */
  readonly samples: readonly ExitSample[];
}

/** Searches a LOS's paths again, and follows the flow from points of one of them before and beyond its exit. */
export async function checkExit(search: LosSearch, { path: k, each, spacing }: ExitCheckOptions): Promise<ExitCheck> {
  const path = (await searchLos(search))[k];
  if (path.exitStep === null) return { path, samples: [] };
  const along = await replay(search, path, path.exitStep + each * spacing + 1);
  const samples: ExitSample[] = [];
  for (const offset of offsetsOf(each, spacing)) {
    const step = along[path.exitStep + offset];
    if (step === undefined || Number.isNaN(step.value)) continue; // before the path's first step, or outside the box
    await search.space.placeAt('sample', step.x);
    const end = await search.space.integrate('sample', { trajectory: true });
    samples.push({ ...step, offset, end });
  }
  await search.space.drop({ points: ['sample'] });
  return { path, samples };
}

/** Replays the first steps of a path, and continues it beyond its end at the same pace. */
async function replay(search: LosSearch, { name, steps }: LosPath, length: number) {
  const { space, options } = search;
  const { increment, max } = options.rho1;
  const rho1 = steps.map((step) => step.rho1);
  while (rho1.length < length) rho1.push(Math.min(max, rho1[rho1.length - 1] + increment));
  const { newPath } = await pathsOf(search);
  await newPath(name);
  const { loss, captured } = await space.search({
    paths: [name],
    path: new Int32Array(rho1.length),
    growth: Float64Array.from(rho1, (value, i) => (i === 0 ? value : value / rho1[i - 1])),
    rho2: new Float64Array(rho1.length).fill(calibrationOf(options)),
    stream: 'none',
    start: 0,
    solver: GRADIENT,
    capture: [...rho1.keys()],
  });
  await space.drop({ paths: [name] });
  return rho1.map((value, i) => ({ rho1: value, value: loss[i], x: Float64Array.from(captured[i]) }));
}

function offsetsOf(each: number, spacing: number): number[] {
  const out = Array.from({ length: each }, (_, k) => (k + 1) * spacing);
  return [...out.toReversed().map((offset) => -offset), ...out];
}
