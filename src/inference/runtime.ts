import type { InferenceSession } from 'onnxruntime-node';
import { DataError, UsageError } from '../errors';

const required = (): typeof import('onnxruntime-node') => require('onnxruntime-node');

/**
 * onnxruntime-node, which dsptt does not bring along: it is large, and only this needs it.
 * @throws UsageError when it is not installed
 */
export function onnxRuntime(): typeof import('onnxruntime-node') {
  try {
    return required();
  } catch (cause) {
    throw new UsageError(
      'loadEnsemble needs the package onnxruntime-node: npm install onnxruntime-node (without a GPU: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node)',
      { cause },
    );
  }
}

/**
 * A session that runs the graph in a file.
 * @throws UsageError when onnxruntime-node is not installed; DataError when the file is no graph that it can run
 */
export async function openSession(file: string): Promise<InferenceSession> {
  const { InferenceSession } = onnxRuntime();
  try {
    return await InferenceSession.create(file);
  } catch (cause) {
    throw new DataError(`cannot run the graph ${file}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
