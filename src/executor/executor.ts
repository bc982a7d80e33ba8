/**
 * What TRUST-TECH needs of a space to search in: named *points* and *paths* (displacements from an origin point), and search
 * steps. Commands take effect in the order in which they are given, so a method may give several before it awaits the first.
 */
export interface SearchSpace {
  /** A copy: parameters, buffers and optimizer state. */
  copyPoint(point: string, source: string): Promise<void>;
  /** Forget them. */
  drop(names: { readonly points?: readonly string[]; readonly paths?: readonly string[] }): Promise<void>;
  /** A path d = v from a point that must not move while the path lives, v drawn from the named stream. */
  newPath(path: string, origin: string, stream: string, scale: Scale): Promise<void>;
  /** A point at origin + factor * d, with fresh optimizer state. */
  pointFromPath(point: string, path: string, factor?: number): Promise<void>;
  /** Search steps, one after the other, on paths of one origin. */
  search(program: SearchProgram): Promise<SearchAnswer>;
  /** Mean loss in training mode over the first batches of a data stream. */
  probe(point: string, stream: string, batches: number): Promise<number>;
  /** Euclidean distances of parameter vectors, [points, points]. */
  distances(points: readonly string[]): Promise<Float64Array>;
  /** Mean training loss at positions of the segment (0: source, 1: target), statistics re-estimated at each. */
  segment(source: string, target: string, positions: Float64Array, stream: string): Promise<Float64Array>;
}

/** What a method can do with networks: a point is a network's whole state (parameters, buffers, optimizer state). */
export interface Executor extends SearchSpace {
  readonly task: Task;
  /** A freshly initialised network, its randomness drawn from the named stream. */
  newPoint(point: string, stream: string): Promise<void>;
  /** A point with these parameters [parameters], another's buffers and fresh optimizer state. */
  placePoint(point: string, like: string, parameters: Float32Array): Promise<void>;
  /** The weighted sum of points' parameters, with the first one's buffers and fresh optimizer state. */
  averagePoints(point: string, sources: readonly string[], weights: Float64Array): Promise<void>;
  /** The network as the bytes of a safetensors file. */
  savePoint(point: string, metadata: Readonly<Record<string, string>>): Promise<Uint8Array>;
  /** @throws DataError when the file is not one of this network. */
  loadPoint(point: string, file: Uint8Array): Promise<void>;
  /** Training steps on one point. */
  descend(program: Descent): Promise<DescentAnswer>;
  /** Descents of different points, none of which depends on another; they may be made at once. Answers in their order. */
  descendAll(programs: readonly Descent[]): Promise<readonly DescentAnswer[]>;
  /** Loss and outputs of a point on a split, in evaluation mode. */
  evaluate(point: string, split: Split): Promise<Evaluation>;
  /** The class, or the number to be predicted, of each sample of a split. */
  targets(split: Split): Promise<Float32Array>;
  /** Re-estimate batch-norm statistics: needed after every move that is not a training step. */
  reestimate(point: string, stream: string): Promise<void>;
}

/** Networks compute in 32 bits, closed-form objectives in 64. */
export type Floats = Float32Array | Float64Array;

/** A part of the data set. */
export type Split = 'train' | 'validation' | 'test';

/** How a path's first direction is scaled (design: "The direction"). */
export const SCALES = ['layer', 'filter', 'gaussian', 'unit'] as const;
/** One of them. */
export type Scale = (typeof SCALES)[number];

/** What is known once the model is built and the data lies on the device. */
export interface Task {
  readonly parameters: number;
  readonly stepsPerEpoch: number;
  readonly samples: Readonly<Record<Split, number>>;
  /** Names of the classes; empty where a number is predicted. */
  readonly classes: readonly string[];
  readonly device: string;
  readonly deviceName: string;
  readonly threads: number;
  /** Hash of the names, shapes and types of the network's state. */
  readonly signature: string;
  /** Hash of the first values of that state: with the signature, it identifies the network. */
  readonly stateSha256: string;
}

/** Whether some samples were set aside for choices; the paper's recipes train on all of them. */
export function hasValidation({ samples }: Task): boolean {
  return samples.validation > 0;
}

/** Local solvers that know how to turn a gradient into a step. */
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
}

/** Plain gradient descent: a solver that remembers nothing. */
export const GRADIENT: Solver = {
  solver: 'sgd',
  momentum: 0,
  nesterov: false,
  weightDecay: 0,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
};

/** Training steps on one point: step i takes batch `start + i` of the data stream and the rate `lr[i]`. */
export interface Descent {
  readonly point: string;
  readonly stream: string;
  readonly start: number;
  readonly lr: Float64Array;
  readonly solver: Solver;
  /** Standard deviation of the normal noise added to the gradient, one entry a step, drawn from `STREAM/noise`. */
  readonly noise?: Float64Array;
  /** Steps, counted in this program, whose parameters are wanted, as they are before the step's update. */
  readonly capture?: readonly number[];
}

/** What training steps showed. */
export interface DescentAnswer {
  /** The batch's loss at each step, before its update. */
  readonly loss: Float32Array;
  /** Whether every parameter is a finite number after the last step. */
  readonly finite: boolean;
  /** Parameters of the captured steps, in order. */
  readonly captured: readonly Float32Array[];
}

/**
 * Search steps on paths of one origin: step i moves path `path[i]` by d = growth d + rho2 f(origin + growth d), where f is
 * the direction of the local solver (minus the batch's gradient for plain SGD), whose state belongs to the path.
 */
export interface SearchProgram {
  readonly paths: readonly string[];
  readonly stream: string;
  readonly start: number;
  readonly path: Int32Array;
  readonly growth: Float64Array;
  readonly rho2: Float64Array;
  readonly solver: Solver;
  /** Steps, counted in this program, whose parameters are wanted. */
  readonly capture?: readonly number[];
}

/** What search steps showed. */
export interface SearchAnswer {
  /** The batch's loss at each step, and the length of the displacement where it was measured. */
  readonly loss: Floats;
  readonly norm: Floats;
  /** Each path's cosine between displacement and first direction, after the program. */
  readonly cosine: Float64Array;
  /** Parameters of the captured steps, in order. */
  readonly captured: readonly Floats[];
}

/** Mean loss, error in percent (null where numbers are predicted), and outputs [samples, outputs]: softmax, or numbers. */
export interface Evaluation {
  readonly loss: number;
  readonly errorPct: number | null;
  readonly outputs: Float32Array;
}
