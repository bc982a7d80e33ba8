import { SET_UP } from '../../command-name';
import type { ErrorCode } from './reply';

/** Remedies by error code. They are not in the worker, which knows neither flags nor commands of TypeScript. */
export const REMEDIES: Readonly<Partial<Record<ErrorCode, string>>> = {
  memory: 'split batches with --set batchChunks=N, or choose a smaller batchSize or another device',
  chunks: 'use batchChunks 1 and a smaller batchSize, or accept it with --set allowChunkedBn=true',
  package: `run \`${SET_UP}\``,
};
