import { meanOf } from '../comparison/statistics';
import { sweep } from '../comparison/sweep';
import { resolveConfig } from '../config/resolve';
import {
  type SensitivityPoint,
  SWEEP_MEASURES,
  type SweepMeasure,
  sensitivityFigure,
  sensitivityOf,
} from '../report/figures/sensitivity';
import { fixed } from '../report/format';
import type { Claim, Reproduction } from './reproduction';

/** Maximum of rho1, high enough that at most paces the exit, not the maximum, ends the growth of rho1. */
const RHO_MAX = 4;
const GRID = { rho1: [0.005, 0.01, 0.02, 0.04, 0.08], rho2: [0.03, 0.1, 0.3], seeds: [0, 1, 2], steps: 1200 };
const QUICK = { rho1: [0.02, 0.04, 0.08], rho2: [0.1, 0.3], seeds: [0], steps: 400 };

/** Figure 4: how the search depends on the increment of rho1 and on rho2. */
export const fig4: Reproduction = {
  name: 'fig4',
  shows: 'iterations to the exit, rho1 and distance there, over the increment of rho1 and rho2',
  datasets: [],
  takes: ['seeds', 'quick'],
  scale: null,
  resumes: false,
  make: async ({ quick, seeds, session, signal, onPart }) => {
    const grid = quick ? QUICK : GRID;
    const config = resolveConfig([
      { from: 'dsptt reproduce', values: { preset: 'digits', dspTt: { rho1: { max: RHO_MAX } } } },
    ]);
    const cells = grid.rho1.flatMap((rho1Increment) =>
      grid.rho2.map((rho2TimesLr) => ({ rho1Increment, rho2TimesLr })),
    );
    const rows = await sweep(await session(), config, {
      cells,
      seeds: seeds ?? grid.seeds,
      steps: grid.steps,
      signal,
      onPart: (seed, cell) =>
        onPart(cell === null ? `seed ${seed}` : `seed ${seed}, rho1 ${cell.rho1Increment}, rho2 ${cell.rho2TimesLr}`),
    });
    const figure = sensitivityFigure(
      'fig4',
      'How the search for exit points on digits depends on the pace of rho1 and on rho2',
      rows,
    );
    return { figures: [figure], files: {}, table: '', claims: claimsOf(sensitivityOf(rows), RHO_MAX) };
  },
};

/**
 * Checks the claims of section 5.4: the search is insensitive to rho2, rho1 and distance are highly correlated, and the
 * surface is flat from some increment on.
 */
export function claimsOf(points: readonly SensitivityPoint[], rhoMax: number): Claim[] {
  const exited = measured(points, 'rho1AtExit');
  const increments = groupsOf(exited, 'rho1Increment').filter((group) => group.length > 1).length;
  if (increments >= ENOUGH) return [insensitiveToRho2(points), correlated(points), flattens(points, rhoMax)];
  const seen = `only ${increments} increments of rho1 have exits at two values of rho2 or more, where ${ENOUGH} are needed`;
  return [{ claim: 'the search depends on the increment of rho1 and hardly on rho2', seen, holds: false }];
}

/** Number of increments from which a dependence can be judged. */
const ENOUGH = 3;

/**
 * The search counts as insensitive to rho2 if rho2 moves each measurement by less than this part of what the increment
 * does.
 */
const INSENSITIVE = 0.25;

function insensitiveToRho2(points: readonly SensitivityPoint[]): Claim {
  const parts = SWEEP_MEASURES.map(({ key }) => {
    const by = (group: keyof SensitivityPoint) => meanOf(groupsOf(measured(points, key), group).map(spread));
    return { key, part: by('rho1Increment') / by('rho2TimesLr') };
  });
  const words = parts.map(({ key, part }) => `${fixed(100 * part, 0)} % (${key})`);
  return {
    claim: 'the search is insensitive to rho2',
    seen: `over the values of rho2 the measurements differ by ${words.join(', ')} of what they differ by over the increments of rho1`,
    holds: parts.every(({ part }) => part < INSENSITIVE),
  };
}

/** Lowest correlation that counts as "highly correlated". */
const HIGH = 0.9;

function correlated(points: readonly SensitivityPoint[]): Claim {
  const distances = measured(points, 'distanceAtExit');
  const pairs = measured(points, 'rho1AtExit').flatMap((point) => {
    const distance = distances.find((other) => sameSettings(point, other));
    return distance === undefined ? [] : [[point.mean, distance.mean] as const];
  });
  const r = correlation(pairs);
  return {
    claim: 'rho1 and the distance from tier 0 at the exit are highly correlated',
    seen: `rho1 and distance at the exit have a correlation of ${fixed(r, 3)}`,
    holds: r >= HIGH,
  };
}

/**
 * The surface counts as flat if the last step of the increment changes rho1 at the exit by at most this part of its
 * range.
 */
const FLAT = 0.1;

function flattens(points: readonly SensitivityPoint[], rhoMax: number): Claim {
  const rho1 = measured(points, 'rho1AtExit');
  const held = rho1.filter(({ mean }) => mean >= rhoMax).length;
  const byIncrement = groupsOf(rho1, 'rho1Increment')
    .map((group) => ({ increment: group[0].rho1Increment, mean: meanOf(group.map(({ mean }) => mean)) }))
    .sort((a, b) => a.increment - b.increment);
  const values = byIncrement.map(({ mean }) => mean);
  const range = Math.max(...values) - Math.min(...values);
  const [before, last] = byIncrement.slice(-2);
  const claim = 'the surface becomes flat once the increment passes some value (the paper: 5e-4)';
  const change = Math.abs(last.mean - before.mean);
  const seen = `from increment ${before.increment} to ${last.increment} rho1 at the exit changes by ${fixed(change, 3)} of a range of ${fixed(range, 3)}, and at ${held} of ${rho1.length} pairs it stood at its maximum of ${rhoMax}`;
  return { claim, seen, holds: change <= FLAT * range };
}

type Measured = SensitivityPoint & { readonly mean: number };

function measured(points: readonly SensitivityPoint[], measure: SweepMeasure): Measured[] {
  return points.filter((point): point is Measured => point.measure === measure && point.mean !== null);
}

function groupsOf(points: readonly Measured[], by: keyof SensitivityPoint): Measured[][] {
  return [...new Set(points.map((point) => point[by]))].map((value) => points.filter((point) => point[by] === value));
}

function spread(points: readonly Measured[]): number {
  const means = points.map(({ mean }) => mean);
  return Math.max(...means) - Math.min(...means);
}

function sameSettings(a: SensitivityPoint, b: SensitivityPoint): boolean {
  return a.rho1Increment === b.rho1Increment && a.rho2TimesLr === b.rho2TimesLr;
}

/** Returns Pearson's correlation; NaN if one side never changes. */
function correlation(pairs: readonly (readonly [number, number])[]): number {
  const centred = ([0, 1] as const).map((k) => {
    const mean = meanOf(pairs.map((pair) => pair[k]));
    return pairs.map((pair) => pair[k] - mean);
  });
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  return dot(centred[0], centred[1]) / Math.sqrt(dot(centred[0], centred[0]) * dot(centred[1], centred[1]));
}
