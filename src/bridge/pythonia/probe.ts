import { z } from 'zod';
import { WorkerError } from '../../errors';
import { probe } from '../workers/probe';
import { SET_UP_REMEDY } from '../workers/python';

const NEEDED = ['torch', 'numpy', 'zmq', 'msgspec', 'safetensors'];
const probed = z.object({ missing: z.array(z.string()) });

/**
 * Checks that an interpreter exists, runs, and has the packages that the worker imports: without this check, pythonia
 * would wait forever for an answer.
 * @throws WorkerError that names the failed check
 */
export async function checkPython(python: string): Promise<void> {
  let missing: string[];
  try {
    missing = probed.parse(await probe(python, ['missing', ...NEEDED])).missing;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new WorkerError(`the Python ${python} cannot be used (${said.trim().split('\n').at(-1)}): ${SET_UP_REMEDY}`, {
      cause,
      traceback: said,
    });
  }
  if (missing.length > 0) {
    throw new WorkerError(`the Python ${python} has no module '${missing.join("', '")}': ${SET_UP_REMEDY}`);
  }
}
