import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { WorkerError } from '../../errors';
import { SET_UP_REMEDY } from '../workers/python';

const NEEDED = ['torch', 'numpy', 'zmq', 'msgspec', 'safetensors'];
const PROBE = `import json; from importlib.util import find_spec
print(json.dumps([name for name in ${JSON.stringify(NEEDED)} if find_spec(name) is None]))`;
const PROBE_MS = 20_000; // for a slow disk; it imports nothing and takes some 50 ms

/**
 * Make sure that an interpreter is there, runs, and has what the worker imports: pythonia itself would only wait for an
 * answer that never comes.
 * @throws WorkerError that says which of these is not so
 */
export async function checkPython(python: string): Promise<void> {
  let missing: string[];
  try {
    const { stdout } = await promisify(execFile)(python, ['-c', PROBE], { timeout: PROBE_MS });
    missing = z.array(z.string()).parse(JSON.parse(stdout));
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
