import { join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import type { Outputs } from '../ensemble/combine';
import { decisionsOf, presentOf } from '../ensemble/decisions';
import { atTemperature } from '../ensemble/reliability';
import type { TaskKind } from '../ensemble/task-kind';
import { DataError, UsageError } from '../errors';
import type { Samples } from '../store/samples';
import { type Batch, checkBatch } from './check-batch';
import { readGraph } from './graph';
import { onnxRuntime, openSession } from './runtime';

/** Ensemble that predicts in this process, without Python. */
export interface LoadedEnsemble {
  /** Answer for a sample: one of several classes, any of several labels, or a number. */
  readonly kind: TaskKind;
  /** Names of the classes or labels, in the order of the outputs; empty for regression. */
  readonly classes: readonly string[];
  /** Names of the networks whose answers are combined. */
  readonly members: readonly string[];
  /** Shape of one sample, such as [3, 32, 32] (channels, height, width) or [13] (features). */
  readonly shape: readonly number[];
  /**
   * Predicts raw samples, in the units of the run's data set: pixels from 0 to 255 (digits: 0 to 16), or numbers in
   * their own units. The batch is [samples, ...shape], row-major; returns [samples, classes] probabilities of
   * classes or labels, or [samples, 1] numbers for regression.
   * @throws DataError when the batch is not a whole number of samples, holds a number that is not finite, or pixels of
   *   another scale, such as 0 to 1; UsageError after `close`
   */
  predict(batch: Float32Array | Uint8Array): Promise<Float32Array>;
  /** Predicts raw samples of 64 bits, which a table's large numbers need, such as Unix times. */
  predict(batch: Float64Array): Promise<Float64Array>;
  /** Frees its memory once its predictions have ended; to close it again does nothing. */
  close(): Promise<void>;
}

/** Options of `loadEnsemble`. */
export interface LoadOptions {
  /** Apply the temperature that the run fitted to the ensemble's probabilities on validation samples. */
  readonly calibrated?: boolean;
}

/**
 * Loads an ensemble from a folder that `dsptt export RUN --to onnx` wrote. A graph that was exported with `--calibrated`
 * applies its temperature in any case.
 * @throws DataError when the folder holds none, or a damaged one; UsageError when onnxruntime-node is not installed, or
 *   the folder states no temperature to be calibrated by
 */
export async function loadEnsemble(
  directory: string,
  { calibrated = false }: LoadOptions = {},
): Promise<LoadedEnsemble> {
  const graph = await readGraph(directory);
  if (calibrated && graph.temperature === null) {
    throw new UsageError(
      `${directory} states no temperature of ${graph.ensemble}: a run fits one to the probabilities of an ensemble on validation samples, and an export of an earlier version keeps none`,
    );
  }
  const session = await openSession(join(directory, graph.file), graph.sha256);
  return {
    kind: graph.data.kind ?? (graph.data.classes.length > 0 ? 'classes' : 'numbers'),
    classes: graph.data.classes,
    members: graph.members,
    shape: graph.data.shape,
    ...answersOf(session, graph.data, calibrated && !graph.calibrated ? graph.temperature : null),
  };
}

/** Returns what a session answers until it is closed. It must not be released while it runs. */
function answersOf(
  session: InferenceSession,
  data: Samples,
  temperature: number | null,
): Pick<LoadedEnsemble, 'predict' | 'close'> {
  const running = new Set<Promise<unknown>>();
  let closed: Promise<void> | null = null;
  function predict(batch: Float32Array | Uint8Array): Promise<Float32Array>;
  function predict(batch: Float64Array): Promise<Float64Array>;
  async function predict(batch: Batch): Promise<Float32Array | Float64Array> {
    if (closed) throw new UsageError('this ensemble is closed: load it again by loadEnsemble');
    const run = answer(session, batch, data, temperature);
    running.add(run);
    return run.finally(() => running.delete(run));
  }
  const release = async () => {
    await Promise.allSettled(running);
    await session.release();
  };
  return {
    predict,
    close: () => {
      closed ??= release();
      return closed;
    },
  };
}

async function answer(
  session: InferenceSession,
  batch: Batch,
  data: Samples,
  temperature: number | null,
): Promise<Float32Array | Float64Array> {
  const dims = [checkBatch(batch, data), ...data.shape];
  const { Tensor } = onnxRuntime();
  const inputs =
    data.dtype === 'float64'
      ? new Tensor('float64', batch instanceof Float64Array ? batch : Float64Array.from(batch), dims)
      : new Tensor('float32', batch instanceof Float32Array ? batch : Float32Array.from(batch), dims);
  const { data: answered, type } = (await session.run({ inputs })).outputs;
  if (!(answered instanceof Float32Array || answered instanceof Float64Array)) {
    throw new DataError(`the graph answers ${type}, expected float32 or float64`);
  }
  const outputs = temperature === null ? answered : calibrated(answered, data, temperature);
  if (batch instanceof Float64Array) return outputs instanceof Float64Array ? outputs : Float64Array.from(outputs);
  return outputs instanceof Float32Array ? outputs : Float32Array.from(outputs);
}

function calibrated(probabilities: Outputs, { kind, classes }: Samples, temperature: number): Float64Array {
  if (kind === 'labels') return presentOf(atTemperature(decisionsOf(probabilities), 2, temperature));
  return atTemperature(probabilities, classes.length, temperature);
}
