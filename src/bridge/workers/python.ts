import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, normalize } from 'node:path';
import { z } from 'zod';
import { DSPTT, SET_UP } from '../../command-name';
import { WorkerError } from '../../errors';

/** Root of the package; the relative path is the same from `src` and from `dist`. */
export const PACKAGE_ROOT = join(__dirname, '..', '..', '..');

/** Folder of our Python packages, and of the programs that start them. */
export const PACKAGES = join(PACKAGE_ROOT, 'python');

/** Advice for a missing Python or a missing Python package. */
export const SET_UP_REMEDY = `run \`${SET_UP}\`, or set DSPTT_PYTHON to a Python that has torch`;

/**
 * Returns the Python that runs the worker: `DSPTT_PYTHON`, or that of the environment that the set-up creates.
 * @throws WorkerError when there is none
 */
export function findPython(env: NodeJS.ProcessEnv = process.env): string {
  const named = env.DSPTT_PYTHON;
  if (named) {
    if (isExecutable(named) || (env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, named)))) {
      return named;
    }
    throw new WorkerError(`DSPTT_PYTHON is ${named}, which is not an executable file; name a Python that has torch`);
  }
  const own = environmentPython(PACKAGE_ROOT, env);
  if (existsSync(own)) return own;
  throw new WorkerError(`there is no Python environment yet: ${SET_UP_REMEDY}`);
}

/**
 * Returns the path of the set-up's interpreter: in the checkout, or for an installed package in the user's cache
 * (scripts/setup/project-python.js, which creates the environment, has the reasons).
 */
export function environmentPython(root: string, env: NodeJS.ProcessEnv): string {
  const python = join('.venv', 'bin', 'python');
  if (existsSync(join(root, 'tsconfig.json'))) return join(root, python);
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return join(env.DSPTT_CACHE || join(homedir(), '.cache', 'dsptt'), `python-${version}`, python);
}

/** A program of ours that Python runs: a package, or the questions of `python/probe.py` about a Python. */
export type Program = 'dsptt' | 'dsptt_pool' | 'dsptt_worker' | 'probe';

/**
 * Returns the arguments of Python that run a program of ours. With `-m` or `-c`, Python would search the current folder
 * first: a file there called like a module of Python's would run in its place.
 */
export function programArguments(program: Program, args: readonly string[]): string[] {
  if (program === 'probe') return [join(PACKAGES, 'probe.py'), ...args];
  return [join(PACKAGES, 'start.py'), program, ...args];
}

/**
 * Returns the environment of a Python that we start: our packages come first on its path, the current folder is not on
 * it, also not in Pythons that it starts itself (from Python 3.11 on), and output is not held back.
 */
export function pythonEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const own = [PACKAGES, ...namedFolders(env.PYTHONPATH ?? '')];
  return { ...env, PYTHONPATH: own.join(delimiter), PYTHONSAFEPATH: '1', PYTHONUNBUFFERED: '1', DSPTT_COMMAND: DSPTT };
}

/** Returns the entries of a PYTHONPATH without those that mean the current folder: most are a stray colon. */
function namedFolders(path: string): string[] {
  return path.split(delimiter).filter((entry) => normalize(entry).replace(/\/$/, '') !== '.');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
