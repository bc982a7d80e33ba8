import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import { DataError, UsageError } from '../errors';

const required = (): typeof import('onnxruntime-node') => require('onnxruntime-node');

/**
 * Loads onnxruntime-node. It is no dependency of dsptt, because it is large and only `loadEnsemble` needs it.
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
 * Opens a session that runs the graph in a file.
 * @param sha256 expected hash of the file, in hex
 * @throws UsageError when onnxruntime-node is not installed; DataError when the hash differs, or the graph cannot be
 *   run
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
