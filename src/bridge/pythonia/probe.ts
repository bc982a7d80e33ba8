import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { WorkerError } from '../../errors';
import { SET_UP_REMEDY } from '../workers/python';

const NEEDED = ['torch', 'numpy', 'zmq', 'msgspec', 'safetensors'];
const PROBE = `import json; from importlib.util import find_spec
print(json.dumps([name for name in ${JSON.stringify(NEEDED)} if find_spec(name) is None]))`;
const PROBE_MS = 20_000; // generous, for slow disks: the probe imports nothing and takes about 50 ms

/**
 * Checks that an interpreter exists, runs, and has the packages that the worker imports: without this check, pythonia
 * would wait forever for an answer.
 * @throws WorkerError that names the failed check
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
