import type { SearchSpace } from '../trust-tech/space';

/**
 * Interface of a space in which the generalized gradient system dx/dt = -R(x)^-1 grad c(x) can be integrated (equation
 * 2): points with coordinates, given directions, and the flow from a point until it comes to rest. Lengths are in units
 * of the box: divided by its width, axis by axis.
 */
export interface FlowSpace extends SearchSpace {
  readonly dims: number;
  readonly box: { readonly lower: readonly number[]; readonly upper: readonly number[] };
  /** Numbers of evaluations of the objective and its derivatives so far. */
  readonly evaluations: Evaluations;
  /** Creates a point at x. */
  placeAt(point: string, x: Float64Array): Promise<void>;
  stateOf(point: string): Promise<{ readonly x: Float64Array; readonly value: number }>;
  /** Creates a path d = v from a point, with v along the direction and of length 1. */
  newPathAlong(path: string, origin: string, direction: Float64Array): Promise<void>;
  /** Follows the flow from a point; the point itself does not move. */
  integrate(point: string, options?: { readonly trajectory?: boolean }): Promise<FlowEnd>;
  /** Returns the Hessian's eigenvectors at a point, of Euclidean length 1, by ascending eigenvalue. */
  eigenvectors(point: string): Promise<Float64Array[]>;
}

/**
 * Choices of R(x) of the generalized gradient system: I, J^T J, and J^T J + mu I with the residuals' Jacobian J
 * (section 3.1).
 */
export const METRICS = ['identity', 'gauss-newton', 'levenberg-marquardt'] as const;
export type Metric = (typeof METRICS)[number];

/**
 * Numbers of evaluations of the objective, of its gradient (for other metrics: with its Jacobian), and of its Hessian.
 */
export interface Evaluations {
  readonly objective: number;
  readonly gradient: number;
  readonly hessian: number;
}

/**
 * End of a flow. `converged`: at a local minimum; `left`: more than a width of the box outside the box; `stalled`: R(x)
 * is singular there, or no step is small enough; `outOfSteps`: the steps were used up.
 */
export interface FlowEnd {
  readonly status: 'converged' | 'left' | 'stalled' | 'outOfSteps';
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: Evaluations;
  /** Number of saddles or maxima at which the flow came to rest and was pushed on. */
  readonly saddles: number;
  /** Positions of the flow from start to end; empty if they were not requested. */
  readonly trajectory: readonly Float64Array[];
}
