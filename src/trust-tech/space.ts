/**
 * Interface of a space to search in: named *points* and *paths* (displacements from an origin point), and search steps.
 * Commands take effect in the order of the calls, so a method may make several calls before it awaits the first.
 */
export interface SearchSpace {
  /** Copies a point: parameters, buffers and optimizer state. */
  copyPoint(point: string, source: string): Promise<void>;
  /** Removes points and paths. */
  drop(names: { readonly points?: readonly string[]; readonly paths?: readonly string[] }): Promise<void>;
  /** Creates a path d = v, with v drawn from the named stream. Its origin must not move while the path exists. */
  newPath(path: string, origin: string, stream: string, scale: DirectionScale): Promise<void>;
  /** Creates a point at origin + factor * d, with fresh optimizer state. */
  pointFromPath(point: string, path: string, factor?: number): Promise<void>;
  /** Performs search steps, one after the other, on paths of one origin. */
  search(program: SearchProgram): Promise<SearchAnswer>;
  /** Measures the loss in training mode over the first batches of a data stream. */
  probe(point: string, stream: string, batches: number): Promise<StartLoss>;
  /** Returns the Euclidean distances of parameter vectors, [points, points]. */
  distances(points: readonly string[]): Promise<Float64Array>;
  /**
   * Returns the mean training loss at positions of the segment (0: source, 1: target), statistics re-estimated at each.
   */
  segment(source: string, target: string, positions: Float64Array, stream: string): Promise<Float64Array>;
}

/** Mean of a point's batch losses, and their standard deviation: 0 for one batch. */
export interface StartLoss {
  readonly loss: number;
  readonly deviation: number;
}

/** Floating-point arrays of a space: networks compute in 32 bits, closed-form objectives in 64. */
export type Floats = Float32Array | Float64Array;

/** Scalings of a path's first direction v: to the weights' length, layer by layer or filter by filter; none; to length 1. */
export const DIRECTION_SCALES = ['layer', 'filter', 'gaussian', 'unit'] as const;
/** One of `DIRECTION_SCALES`. */
export type DirectionScale = (typeof DIRECTION_SCALES)[number];

/** Local solvers, by their names in `torch.optim`. */
export const SOLVERS = ['sgd', 'adam', 'adamw'] as const;

/** A local solver as `torch.optim` defines it: SGD reads momentum and nesterov, Adam and AdamW the betas and epsilon. */
export interface Solver {
  readonly solver: (typeof SOLVERS)[number];
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Largest length of the gradient: a longer one is shortened to it. Default: none. */
  readonly clipNorm?: number | null | undefined;
}

/** Plain gradient descent, a solver without a state. */
export const GRADIENT: Solver = {
  solver: 'sgd',
  momentum: 0,
  nesterov: false,
  weightDecay: 0,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
};

/**
 * Search steps on paths of one origin: step i moves path `path[i]` by d = growth d + rho2 f(origin + growth d). Here f
 * is the direction of the local solver (minus the batch's gradient for plain SGD), whose state belongs to the path.
 */
export interface SearchProgram {
  readonly paths: readonly string[];
  readonly stream: string;
  readonly start: number;
  readonly path: Int32Array;
  readonly growth: Float64Array;
  readonly rho2: Float64Array;
  readonly solver: Solver;
  /** Indices within this program of the steps whose parameters are returned. */
  readonly capture?: readonly number[];
}

/** Answer to search steps. */
export interface SearchAnswer {
  /** The batch's loss at each step, and the length of the displacement at which it was measured. */
  readonly loss: Floats;
  readonly norm: Floats;
  /** Cosine between displacement and first direction of each path, after the program. */
  readonly cosine: Float64Array;
  /** Parameters of the captured steps, in order. */
  readonly captured: readonly Floats[];
}
