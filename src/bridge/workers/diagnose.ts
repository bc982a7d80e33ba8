import { z } from 'zod';
import { SET_UP } from '../../command-name';
import { LocalLauncher } from './local-launcher';
import { probe } from './probe';
import { findPython, SET_UP_REMEDY } from './python';
import { Worker } from './worker';

/** One row of `dsptt doctor`. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed';
  /** Result of the check, such as a version. */
  readonly found: string;
  /** Advice for the user; null if the check passed. */
  readonly remedy: string | null;
}

const PACKAGES = ['torch', 'numpy', 'pyzmq', 'msgspec', 'safetensors', 'scikit-learn', 'pillow'];
const probed = z.object({ version: z.array(z.int()), versions: z.record(z.string(), z.string().nullable()) });

/** Checks everything that a run needs: Node, the ZeroMQ addon, Python and its packages, a worker, its devices. */
export async function diagnose(): Promise<Check[]> {
  const checks = [checkNode(), await checkZeroMq()];
  let python: string;
  try {
    python = findPython();
  } catch (error) {
    return [...checks, failed('Python', messageOf(error), SET_UP)];
  }
  const pythonChecks = await checkPython(python);
  checks.push(...pythonChecks);
  if (pythonChecks.some(({ status }) => status === 'failed')) return checks;
  return [...checks, ...(await checkWorker(python))];
}

function checkNode(): Check {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) >= 20) return ok('Node', node);
  return failed('Node', node, 'install Node 20 or newer');
}

async function checkZeroMq(): Promise<Check> {
  try {
    const { version, capability } = await import('zeromq');
    const found = `libzmq ${version}, ipc ${yes(capability.ipc)}, CURVE ${yes(capability.curve)}`;
    if (!capability.ipc)
      return failed('ZeroMQ', found, 'dsptt talks to its worker over ipc, which this build of libzmq lacks');
    if (capability.curve) return ok('ZeroMQ', found);
    return {
      name: 'ZeroMQ',
      status: 'warning',
      found,
      remedy: 'without CURVE, workers on other machines cannot be used',
    };
  } catch (error) {
    return failed('ZeroMQ', messageOf(error), 'remove node_modules and install again: the addon does not load');
  }
}

async function checkPython(python: string): Promise<Check[]> {
  try {
    const { version: numbers, versions } = probed.parse(await probe(python, ['versions', ...PACKAGES]));
    const [major, minor] = numbers;
    const version = numbers.join('.');
    const isNew = major === 3 && minor >= 10;
    const remedy = process.env.DSPTT_PYTHON ? `${python} -m pip install` : `${SET_UP}, or:`;
    return [
      isNew
        ? ok('Python', `${version} (${python})`)
        : failed('Python', `${version} (${python})`, 'install Python 3.10 or newer'),
      ...PACKAGES.map((name) => {
        const found = versions[name];
        return found ? ok(name, found) : failed(name, 'not installed', `${remedy} ${name}`);
      }),
    ];
  } catch (error) {
    return [failed('Python', `${python}: ${messageOf(error)}`, SET_UP_REMEDY)];
  }
}

async function checkWorker(python: string): Promise<Check[]> {
  try {
    const worker = await Worker.start(new LocalLauncher(python));
    const { protocol, devices, versions } = worker.hello;
    await worker.close();
    return [
      ok('worker', `answers, protocol ${protocol}, dsptt_worker ${versions.dspttWorker}`),
      ok(
        'devices',
        devices.length > 1 ? devices.join(', ') : `${devices.join(', ')} (no CUDA device: runs take longer)`,
      ),
    ];
  } catch (error) {
    return [failed('worker', messageOf(error), `${SET_UP}; with --debug, any command shows the Python traceback`)];
  }
}

/** Returns the row of a check that passed. */
export function ok(name: string, found: string): Check {
  return { name, status: 'ok', found, remedy: null };
}

/** Returns the row of a check that failed. */
export function failed(name: string, found: string, remedy: string): Check {
  return { name, status: 'failed', found, remedy };
}

function yes(value: boolean | undefined): string {
  return value ? 'yes' : 'no';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
