/**
 * The Runge-Kutta pair of Dormand and Prince (1980): fifth order, with an embedded fourth-order solution whose distance
 * estimates the error. The last stage of a step is the first of the next.
 */
const STAGES = [
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
/** Fifth-order weights less fourth-order ones. */
const ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];

/** Bounds of the factor between successive step sizes, and the safety factor on the step size that the error allows. */
const [SHRINK, GROW, SAFETY] = [0.2, 5, 0.9];
/** Error below which it is rounding, and step length below which the flow cannot advance. */
const [ROUNDING, STALLED] = [1e-14, 1e-15];

/** A flow at a point: its velocity (null if it has none) and the measure of its distance from rest. */
export interface FlowAt {
  readonly velocity: Float64Array | null;
  readonly rest: number;
}

export interface Rk45Options {
  /** Largest error of a step, as a fraction of the step's length. */
  readonly tolerance: number;
  /** The point counts as at rest when `rest` falls below this. */
  readonly restBelow: number;
  /** Maximum number of attempted steps. */
  readonly maxSteps: number;
  /** Lengths of the first and of the longest step. */
  readonly firstLength: number;
  readonly longest: number;
  /** Returns the length of a displacement. */
  readonly length: (displacement: Float64Array) => number;
  /** True if the flow is still to be followed at x. */
  readonly inside: (x: Float64Array) => boolean;
  /** Called with the end of every accepted step. */
  readonly onStep: (x: Float64Array) => void;
}

export interface Rk45End {
  readonly x: Float64Array;
  /** `stalled`: no velocity there (a singular metric), or no step is small enough for the error. */
  readonly status: 'converged' | 'left' | 'stalled' | 'outOfSteps';
}

/**
 * Follows an autonomous flow until it is at rest. The error is measured against the step's own length, so that the
 * steps into a point of rest converge instead of hovering at an absolute tolerance.
 */
export function followFlow(flow: (x: Float64Array) => FlowAt, start: Float64Array, options: Rk45Options): Rk45End {
  let x = start;
  let here = flow(x);
  let h = Number.POSITIVE_INFINITY;
  let allowed = options.firstLength;
  for (let tried = 0; tried <= options.maxSteps; tried += 1) {
    if (here.rest < options.restBelow) return { x, status: 'converged' };
    if (!options.inside(x)) return { x, status: 'left' };
    if (here.velocity === null) return { x, status: 'stalled' };
    h = Math.min(h, allowed / options.length(here.velocity));
    allowed = options.longest;
    const step = tryStep(flow, x, here.velocity, h);
    const length = step === null ? 0 : options.length(difference(step.x, x));
    const ratio = step === null ? Number.NaN : options.length(step.error) / (options.tolerance * length + ROUNDING);
    if (step !== null && length < STALLED) return { x, status: 'stalled' };
    if (step !== null && ratio <= 1) {
      [x, here] = [step.x, step.there];
      options.onStep(x);
    }
    h *= Number.isFinite(ratio) ? Math.min(GROW, Math.max(SHRINK, SAFETY * ratio ** -0.2)) : SHRINK;
    if (!(h > Number.MIN_VALUE)) return { x, status: 'stalled' };
  }
  return { x, status: 'outOfSteps' };
}

/** Tries one step of size h; returns null if a stage has no velocity. */
function tryStep(flow: (x: Float64Array) => FlowAt, x: Float64Array, velocity: Float64Array, h: number) {
  const slopes = [velocity];
  let end = x;
  let there: FlowAt | undefined;
  for (const weights of STAGES) {
    end = combined(weights, slopes, h);
    for (let i = 0; i < x.length; i += 1) end[i] += x[i];
    there = flow(end);
    if (there.velocity === null) return null;
    slopes.push(there.velocity);
  }
  if (there === undefined) return null;
  return { x: end, there, error: combined(ERROR, slopes, h) };
}

/** Returns h times the weighted sum of slopes. */
function combined(weights: readonly number[], slopes: readonly Float64Array[], h: number): Float64Array {
  const sum = new Float64Array(slopes[0].length);
  for (let k = 0; k < weights.length; k += 1) {
    const [factor, slope] = [h * weights[k], slopes[k]];
    for (let i = 0; i < sum.length; i += 1) sum[i] += factor * slope[i];
  }
  return sum;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((ai, i) => ai - b[i]);
}
