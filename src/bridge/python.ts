import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { WorkerError } from '../errors';

/** The package's root, from `src/bridge` and from `dist/bridge` alike. */
export const PACKAGE_ROOT = join(__dirname, '..', '..');

/**
 * The Python that runs the worker: `DSPTT_PYTHON`, or the environment that `npm run setup` makes.
 * @throws WorkerError when there is none.
 */
export function findPython(env: NodeJS.ProcessEnv = process.env): string {
  const named = env.DSPTT_PYTHON;
  if (named) {
    if (isExecutable(named) || (env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, named)))) {
      return named;
    }
    throw new WorkerError(`DSPTT_PYTHON is ${named}, which is not an executable file; name a Python that has torch`);
  }
  const own = join(PACKAGE_ROOT, '.venv', 'bin', 'python');
  if (existsSync(own)) return own;
  throw new WorkerError(
    'there is no Python environment yet: run `npm run setup`, or set DSPTT_PYTHON to a Python that has torch',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
