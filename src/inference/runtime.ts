import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
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
 * A session that runs the graph in a file, whose bytes have that hash.
 * @throws UsageError when onnxruntime-node is not installed; DataError when the file is another one, or no graph that it
 *   can run
 */
export async function openSession(file: string, sha256: string): Promise<InferenceSession> {
  const { InferenceSession } = onnxRuntime();
  const graph = await readFile(file).catch((cause: Error) => {
    throw new DataError(`cannot read the graph ${file} (${cause.message}): export the ensemble again`, { cause });
  });
  if (createHash('sha256').update(graph).digest('hex') !== sha256) {
    throw new DataError(
      `the graph ${file} is damaged, its sha256 is not that of ensemble.json: export the ensemble again`,
    );
  }
  try {
    return await InferenceSession.create(graph);
  } catch (cause) {
    throw new DataError(`cannot run the graph ${file}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
