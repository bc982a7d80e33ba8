import { SET_UP } from '../workers/python';
import type { ErrorCode } from './reply';

/** What to do about errors that the worker reports by their code: it knows neither the flags nor the commands of this side. */
export const REMEDIES: Readonly<Partial<Record<ErrorCode, string>>> = {
  memory: 'split batches with --set batchChunks=N, or choose a smaller batchSize or another device',
  chunks: 'use batchChunks 1 and a smaller batchSize, or accept it with --set allowChunkedBn=true',
  package: `run \`${SET_UP}\``,
};
