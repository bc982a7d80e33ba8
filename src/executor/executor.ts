import type { SearchSpace, Solver } from '../trust-tech/space';
import type { Origin } from './origin';

/** Commands of a method for networks. A point is a network's whole state (parameters, buffers, optimizer state). */
export interface Executor extends SearchSpace {
  readonly task: Task;
  /** Creates a freshly initialised network, its randomness drawn from the named stream. */
  newPoint(point: string, stream: string): Promise<void>;
  /** Creates a point with these parameters [parameters], another point's buffers and fresh optimizer state. */
  placePoint(point: string, like: string, parameters: Float32Array): Promise<void>;
  /** Creates the weighted sum of points' parameters, with the first one's buffers and fresh optimizer state. */
  averagePoints(point: string, sources: readonly string[], weights: Float64Array): Promise<void>;
  /** Puts the running average of a point's descent (`ema`) in the place of its parameters, with fresh optimizer state. */
  takeAverage(point: string): Promise<void>;
  /** Returns the network as the bytes of a safetensors file. */
  savePoint(point: string, metadata: Readonly<Record<string, string>>): Promise<Uint8Array>;
  /** Creates a point from the bytes of a safetensors file. @throws DataError when they are not of this network */
  loadPoint(point: string, file: Uint8Array): Promise<void>;
  /** Performs training steps on one point. */
  descend(program: Descent): Promise<DescentAnswer>;
  /** Performs descents of different, independent points, possibly at once. Answers are in the order of the programs. */
  descendAll(programs: readonly Descent[]): Promise<readonly DescentAnswer[]>;
  /** Returns loss and outputs of a point on a split, in evaluation mode. */
  evaluate(point: string, split: Split): Promise<Evaluation>;
  /** Returns the class, or the number to be predicted, of each sample of a split, [samples]. */
  targets(split: Split): Promise<Float32Array>;
  /** Measures a segment on one in `every` training samples, drawn, and takes statistics from that part of an epoch. */
  segment(
    source: string,
    target: string,
    positions: Float64Array,
    stream: string,
    every?: number,
  ): Promise<Float64Array>;
  /** Re-estimates batch-norm statistics, which is needed after every move that is not a training step. */
  reestimate(point: string, stream: string): Promise<void>;
}

/** A part of the data set. */
export type Split = 'train' | 'validation' | 'test';

/** Properties of an open task: its model is built, and its data are loaded. */
export interface Task extends Origin {
  readonly parameters: number;
  readonly stepsPerEpoch: number;
  readonly samples: Readonly<Record<Split, number>>;
  /** Steps of a training between two evaluations of the validation split; null if it is not evaluated on the way. */
  readonly validateEvery: number | null;
  /** Names of the classes or labels; empty if the task predicts a number. */
  readonly classes: readonly string[];
  readonly device: string;
  readonly deviceName: string;
  readonly threads: number;
  /** Hash of the names, shapes and types of the network's state. */
  readonly signature: string;
  /** Hash of that state's initial values: with the signature, it identifies the network. */
  readonly stateSha256: string;
  /** For the user: what of the data was left out or changed, and why. */
  readonly notices: readonly string[];
}

/** Reports whether samples were set aside for validation; the paper's recipes train on all of them. */
export function hasValidation({ samples }: Task): boolean {
  return samples.validation > 0;
}

/** Training steps on one point: step i takes batch `start + i` of the data stream and the rate `lr[i]`. */
export interface Descent {
  readonly point: string;
  readonly stream: string;
  readonly start: number;
  readonly lr: Float64Array;
  readonly solver: Solver;
  /** Standard deviation of the normal noise added to the gradient, one entry a step, drawn from `STREAM/noise`. */
  readonly noise?: Float64Array;
  /** Decay of the running average of the parameters, which goes on from descent to descent of a point. Default: none. */
  readonly ema?: number | undefined;
  /** Steps of this program, from 0, before whose updates the parameters are captured. */
  readonly capture?: readonly number[];
}

/** Answer of training steps. */
export interface DescentAnswer {
  /** The batch's loss at each step, before its update. */
  readonly loss: Float32Array;
  /** True if every parameter is a finite number after the last step. */
  readonly finite: boolean;
  /** Parameters [parameters] of each captured step, in the order of the request. */
  readonly captured: readonly Float32Array[];
  /** Validation points of these steps, in order. */
  readonly validation: readonly ValidationPoint[];
}

/** Measures of a network in training on the validation split. */
export interface ValidationPoint {
  /** Number of steps of its data stream after which it was measured. */
  readonly step: number;
  readonly loss: number;
  /** Null if numbers are predicted. */
  readonly errorPct: number | null;
}

/** Mean loss, error in percent (null if numbers are predicted), and outputs [samples, outputs]: softmax, sigmoid, or numbers. */
export interface Evaluation {
  readonly loss: number;
  readonly errorPct: number | null;
  readonly outputs: Float32Array;
}
