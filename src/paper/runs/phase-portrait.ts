import { AnalyticExecutor } from '../../closed-form/executor';
import { makeObjective } from '../../closed-form/objectives';
import type { Objective } from '../../closed-form/objectives/objective';
import { gridOf, type Place, placesOf } from '../../report/figures/contours';
import type { PhasePortrait } from '../../report/figures/phase-portrait';
import { directionStream } from '../../trust-tech/names';
import { GRADIENT } from '../../trust-tech/space';
import { followPath } from './follow-path';

const FLOW = { metric: 'identity', mu: 0, tolerance: 1e-6, gradientBelow: 1e-8, maxSteps: 1000 } as const;
const ORIGIN = 'origin';

/** Search options with a pace that can be drawn: arrows of some hundredths of the box, forward and back. */
const SEARCH = {
  steps: 40,
  rho1: { start: 0.08, increment: 0.08, max: 1, clock: 'path' },
  rho2: new Float64Array(40).fill(0.04),
  form: 'ratio',
  detector: { decay: 0, minRise: 0.05, buffer: 2, drop: 0.3 },
  decideEvery: 1,
} as const;
/** Calibration steps after an exit, and distance from an equilibrium at which the path has reached it. */
const AFTER = 100;
const REACHED = 0.1;
/** Points a side at which an arrow shows the flow. */
const ARROWS = 15;
/** Number of random directions to try. */
const DIRECTIONS = 50;

/**
 * Draws a two-dimensional objective and a dynamic search path from its first minimum to another one: the first of the
 * random directions whose path ends there (many lead out of the box, or back).
 * @param box the part that is drawn; by default all of the objective's box
 * @returns a portrait without steps if no direction leads to another minimum
 */
export async function portray(name: string, seed: number, box?: PhasePortrait['box']): Promise<PhasePortrait> {
  const objective = makeObjective({ name, dims: 2, box: null });
  const { points } = objective.minima;
  const seps = points.map((at, k) => ({ name: `ω${k}`, at: place(at) }));
  const view = box ?? { lower: place(objective.box.lower), upper: place(objective.box.upper) };
  const drawn = { objective: name, box: view, grid: gridOf(objective, view), flow: flowOf(objective, view), seps };
  for (let direction = 1; direction <= DIRECTIONS; direction += 1) {
    const found = await searchAlong(objective, seps[0].at, { seed, direction });
    const end = found.steps.at(-1)?.to;
    if (found.exit === null || end === undefined) continue;
    const reached = seps.find(({ at }) => Math.hypot(end[0] - at[0], end[1] - at[1]) < REACHED);
    if (reached !== undefined && reached !== seps[0]) return { ...drawn, ...found, reached: reached.name, direction };
  }
  return { ...drawn, steps: [], exit: null, reached: null, direction: DIRECTIONS };
}

/**
 * Searches along a direction; returns, for every step, the points to which it went forward and to which calibration
 * led.
 */
async function searchAlong(
  objective: Objective,
  from: Place,
  named: { readonly seed: number; readonly direction: number },
) {
  const space = new AnalyticExecutor(objective, { seed: named.seed, flow: FLOW });
  const path = 'path';
  await space.placeAt(ORIGIN, Float64Array.from(from));
  await space.newPath(path, ORIGIN, directionStream(`${named.direction}`, 1), 'unit');
  const steps: PhasePortrait['steps'][number][] = [];
  let at = from;
  const found = await followPath({
    space,
    path,
    capture: true,
    options: SEARCH,
    solver: GRADIENT,
    stream: 'none',
    startLoss: objective.value(from),
    after: AFTER,
    onCell: async (cell, { captured }) => {
      await space.pointFromPath('here', path);
      const to = place((await space.stateOf('here')).x);
      steps.push({ rho1: cell.rho1[0], from: at, forward: place(captured[0]), to });
      at = to;
    },
  });
  return { steps, exit: found.status === 'exited' ? steps[found.exit.step].forward : null };
}

function place(x: ArrayLike<number>): Place {
  return [x[0], x[1]];
}

/** Returns the flow at a grid of points, without those on the edge. */
function flowOf({ gradient }: Objective, box: PhasePortrait['box']): PhasePortrait['flow'] {
  const places = placesOf(box, ARROWS + 2).filter(
    (_, k) => inside(k % (ARROWS + 2)) && inside(Math.floor(k / (ARROWS + 2))),
  );
  return places.map((at) => ({ at, vector: place(gradient(at).map((g) => -g)) }));
}

function inside(k: number): boolean {
  return k > 0 && k <= ARROWS;
}
