import { join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { DataError } from '../errors';
import { type Graph, readGraph } from './graph';
import { onnxRuntime, openSession } from './runtime';

/** Ensemble that predicts in this process, without Python. */
export interface LoadedEnsemble {
  /** Names of the classes, in the order of the outputs; empty for regression. */
  readonly classes: readonly string[];
  /** Names of the networks whose answers are combined. */
  readonly members: readonly string[];
  /** Shape of one sample, such as [3, 32, 32] (channels, height, width) or [13] (features). */
  readonly shape: readonly number[];
  /**
   * Predicts raw samples, in the units of the run's data set: pixels from 0 to 255 (digits: 0 to 16), or numbers in
   * their own units. The batch is [samples, ...shape], row-major; returns [samples, classes] probabilities, or
   * [samples, 1] numbers for regression.
   * @throws DataError when the batch is not a whole number of samples
   */
  predict(batch: Float32Array): Promise<Float32Array>;
  /** Frees its memory. */
  close(): Promise<void>;
}

/**
 * Loads an ensemble from a folder that `dsptt export RUN --to onnx` wrote.
 * @throws DataError when the folder holds none, or a damaged one; UsageError when onnxruntime-node is not installed
 */
export async function loadEnsemble(directory: string): Promise<LoadedEnsemble> {
  const graph = await readGraph(directory);
  const session = await openSession(join(directory, graph.file), graph.sha256);
  return {
    classes: graph.data.classes,
    members: graph.members,
    shape: graph.data.shape,
    predict: (batch) => predicted(session, graph, batch),
    close: () => session.release(),
  };
}

async function predicted(session: InferenceSession, { data }: Graph, batch: Float32Array): Promise<Float32Array> {
  const each = data.shape.reduce((product, size) => product * size, 1);
  const samples = batch.length / each;
  if (!Number.isInteger(samples) || samples === 0) {
    throw new DataError(
      `a batch must hold whole samples of [${data.shape.join(', ')}], ${each} numbers each; got ${batch.length} numbers`,
    );
  }
  const { Tensor } = onnxRuntime();
  const { outputs } = await session.run({ inputs: new Tensor('float32', batch, [samples, ...data.shape]) });
  if (outputs.data instanceof Float32Array) return outputs.data;
  throw new DataError(`the graph answers ${outputs.type}, expected float32`);
}
