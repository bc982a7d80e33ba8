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
  /** Predicts raw samples of 64 bits, which a table's large numbers need, such as Unix times. */
  predict(batch: Float64Array): Promise<Float64Array>;
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
    predict: predictor(session, graph),
    close: () => session.release(),
  };
}

function predictor(session: InferenceSession, { data }: Graph): LoadedEnsemble['predict'] {
  const each = data.shape.reduce((product, size) => product * size, 1);
  function predict(batch: Float32Array): Promise<Float32Array>;
  function predict(batch: Float64Array): Promise<Float64Array>;
  async function predict(batch: Float32Array | Float64Array): Promise<Float32Array | Float64Array> {
    const samples = batch.length / each;
    if (!Number.isInteger(samples) || samples === 0) {
      throw new DataError(
        `a batch must hold whole samples of [${data.shape.join(', ')}], ${each} numbers each; got ${batch.length} numbers`,
      );
    }
    const { Tensor } = onnxRuntime();
    const dims = [samples, ...data.shape];
    const inputs =
      data.dtype === 'float64'
        ? new Tensor('float64', batch instanceof Float64Array ? batch : Float64Array.from(batch), dims)
        : new Tensor('float32', batch instanceof Float32Array ? batch : Float32Array.from(batch), dims);
    const { data: answer, type } = (await session.run({ inputs })).outputs;
    if (!(answer instanceof Float32Array || answer instanceof Float64Array)) {
      throw new DataError(`the graph answers ${type}, expected float32 or float64`);
    }
    if (batch instanceof Float64Array) return answer instanceof Float64Array ? answer : Float64Array.from(answer);
    return answer instanceof Float32Array ? answer : Float32Array.from(answer);
  }
  return predict;
}
