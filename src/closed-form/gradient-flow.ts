import { gramMatrix, norm, solve, symmetricEigen } from '../linear-algebra';
import { type CountedObjective, evaluationsSince } from './counted-objective';
import type { FlowEnd, Metric } from './flow-space';
import { type FlowAt, followFlow, type Rk45End } from './rk45';

export interface FlowOptions {
  readonly metric: Metric;
  /** mu of the Levenberg-Marquardt metric. */
  readonly mu: number;
  /** Largest error of an integration step, as a fraction of the step's length. */
  readonly tolerance: number;
  /** Euclidean length of the gradient below which the flow counts as at rest. */
  readonly gradientBelow: number;
  readonly maxSteps: number;
}

/** Lengths of the first step, of the longest, and of the push away from a saddle, in units of the box. */
const [FIRST, LONGEST, PUSH] = [1e-3, 0.05, 1e-3];
/** A flow that meets more saddles than this in a row is given up. */
const MOST_SADDLES = 100;
/**
 * Relative to the largest eigenvalue, the magnitude from which a negative one counts as negative: below it is rounding.
 */
const NEGATIVE = 1e-6;

/**
 * Follows the gradient system from x to a local minimum. A rest with an indefinite Hessian is a saddle, not an optimum:
 * it is left along the eigenvector of the lowest eigenvalue, to the side where the objective is lower.
 */
export function followGradient(
  objective: CountedObjective,
  start: Float64Array,
  options: FlowOptions & { readonly trajectory: boolean },
): FlowEnd {
  const before = objective.evaluations();
  const trajectory: Float64Array[] = options.trajectory ? [start] : [];
  const onStep = (x: Float64Array) => void (options.trajectory && trajectory.push(x));
  let end = rest(objective, start, options, onStep);
  let saddles = 0;
  let pushed = end.status === 'converged' ? pushedOn(objective, end.x) : null;
  while (pushed !== null && saddles < MOST_SADDLES) {
    saddles += 1;
    onStep(pushed);
    end = rest(objective, pushed, options, onStep);
    pushed = end.status === 'converged' ? pushedOn(objective, end.x) : null;
  }
  if (pushed !== null) end = { ...end, status: 'outOfSteps' };
  const value = objective.value(end.x);
  const evaluations = evaluationsSince(before, objective.evaluations());
  return { ...end, value, evaluations, saddles, trajectory };
}

function rest(
  objective: CountedObjective,
  start: Float64Array,
  options: FlowOptions,
  onStep: (x: Float64Array) => void,
): Rk45End {
  const { lower, upper } = objective.box;
  const width = widthOf(objective);
  return followFlow((x) => flowAt(objective, x, options), start, {
    tolerance: options.tolerance,
    restBelow: options.gradientBelow,
    maxSteps: options.maxSteps,
    firstLength: FIRST,
    longest: LONGEST,
    length: (displacement) => lengthIn(width, displacement),
    inside: (x) => x.every((xi, i) => xi > lower[i] - width[i] && xi < upper[i] + width[i]),
    onStep,
  });
}

function flowAt(objective: CountedObjective, x: Float64Array, { metric, mu }: FlowOptions): FlowAt {
  const gradient = objective.gradient(x);
  const downhill = gradient.map((entry) => -entry);
  const rest = norm(gradient);
  if (metric === 'identity' || objective.jacobian === null) return { velocity: downhill, rest };
  const matrix = gramMatrix(objective.jacobian(x), metric === 'gauss-newton' ? 0 : mu);
  const velocity = solve(matrix, downhill);
  return { velocity: velocity?.every(Number.isFinite) ? velocity : null, rest };
}

/** Returns the point from which the flow continues after a rest that is not a minimum; null at a minimum. */
function pushedOn(objective: CountedObjective, x: Float64Array): Float64Array | null {
  const { values, vectors } = symmetricEigen(objective.hessian(x));
  const largest = Math.max(...values.map(Math.abs));
  if (values[0] >= -NEGATIVE * largest) return null;
  const factor = PUSH / lengthIn(widthOf(objective), vectors[0]);
  const [there, back] = [factor, -factor].map((by) => x.map((xi, i) => xi + by * vectors[0][i]));
  return objective.value(back) < objective.value(there) ? back : there;
}

function widthOf({ box }: CountedObjective): Float64Array {
  return Float64Array.from(box.upper, (upper, i) => upper - box.lower[i]);
}

/** Returns the length of a displacement in units of a box of this width. */
export function lengthIn(width: Float64Array, displacement: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < width.length; i += 1) sum += (displacement[i] / width[i]) ** 2;
  return Math.sqrt(sum);
}
