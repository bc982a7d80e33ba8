import type { SearchSpace } from '../trust-tech/space';

/**
 * What TRUST-TECH needs where the generalized gradient system dx/dt = -R(x)^-1 grad c(x) can be integrated (equation 2):
 * points with coordinates, given directions, and the flow from a point to where it comes to rest. Lengths are in units of
 * the box: divided by its width, axis by axis.
 */
export interface FlowSpace extends SearchSpace {
  readonly dims: number;
  readonly box: { readonly lower: readonly number[]; readonly upper: readonly number[] };
  /** How often the objective and its derivatives were evaluated so far. */
  readonly evaluations: Evaluations;
  /** A point at x. */
  placeAt(point: string, x: Float64Array): Promise<void>;
  stateOf(point: string): Promise<{ readonly x: Float64Array; readonly value: number }>;
  /** A path d = v from a point, v along the direction and of length 1. */
  newPathAlong(path: string, origin: string, direction: Float64Array): Promise<void>;
  /** Follow the flow from a point, which stays where it is. */
  integrate(point: string, options?: { readonly trajectory?: boolean }): Promise<FlowEnd>;
  /** The Hessian's eigenvectors at a point, of Euclidean length 1, by ascending eigenvalue. */
  eigenvectors(point: string): Promise<Float64Array[]>;
}

/** R(x) of the generalized gradient system: I, J^T J, and J^T J + mu I with the residuals' Jacobian J (section 3.1). */
export const METRICS = ['identity', 'gauss-newton', 'levenberg-marquardt'] as const;
export type Metric = (typeof METRICS)[number];

/** Evaluations of the objective, of its gradient (for other metrics: with its Jacobian), and of its Hessian. */
export interface Evaluations {
  readonly objective: number;
  readonly gradient: number;
  readonly hessian: number;
}

/**
 * Where a flow ended. `converged`: at a local minimum; `left`: more than a width of the box away from the box; `stalled`:
 * where R(x) is singular; `outOfSteps`: when its steps were used up.
 */
export interface FlowEnd {
  readonly status: 'converged' | 'left' | 'stalled' | 'outOfSteps';
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: Evaluations;
  /** Saddles, or maxima, at which the flow came to rest and was pushed on. */
  readonly saddles: number;
  /** Its positions from start to end, where they were asked for. */
  readonly trajectory: readonly Float64Array[];
}
