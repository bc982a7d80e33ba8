import type { SearchSpace, Solver } from '../trust-tech/space';

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

/** A part of the data set. */
export type Split = 'train' | 'validation' | 'test';

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

/** Mean loss, error in percent (null where numbers are predicted), and outputs [samples, outputs]: softmax, or numbers. */
export interface Evaluation {
  readonly loss: number;
  readonly errorPct: number | null;
  readonly outputs: Float32Array;
}
