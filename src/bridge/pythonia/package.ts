import type { ChildProcess } from 'node:child_process';
import { UsageError, WorkerError } from '../../errors';

/** The part of pythonia that is used. `com.proc` is the Python it runs, the only one; null once it was told to exit. */
interface Pythonia {
  readonly python: ((module: string) => Promise<unknown>) & { exit(): void };
  readonly com: { readonly proc: ChildProcess | null };
}

/** Our module in that Python. */
interface Hosted {
  answer(request: string): Promise<unknown>;
}

export interface StartedPython {
  readonly child: ChildProcess;
  /** Our module, once Python has imported it. */
  readonly hosted: Promise<Hosted>;
  /** Stop pythonia's timer, end the child, and let a later start have another one. */
  exit(): void;
}

let loaded: Pythonia | undefined;

/**
 * Let pythonia start its Python with these variables in the environment. It reads them, and the environment, at that
 * moment only, so they are put back at once.
 * @throws UsageError when the script uses pythonia on its own account: there is one Python for all of a process
 */
export function startPython(env: Readonly<Record<string, string>>): StartedPython {
  if (loaded === undefined && require.cache[require.resolve('pythonia')] !== undefined) {
    throw new UsageError(
      'this script has started a Python through pythonia already, and pythonia runs only one: build the network with the ' +
        '`python` that its factory is given, and do not import pythonia',
    );
  }
  // DEBUG: pythonia would write every message to standard output. REQ_TIMEOUT 0: calls have deadlines of ours instead.
  return withEnvironment({ ...env, DEBUG: undefined, REQ_TIMEOUT: '0' }, () => {
    loaded ??= asPythonia(require('pythonia'));
    const { python, com } = loaded;
    const hosted = python('dsptt_worker.hosting.hosted').then(asHosted); // starts a Python where there is none
    if (com.proc === null) throw new WorkerError('pythonia has started no Python');
    return { child: com.proc, hosted, exit: () => python.exit() };
  });
}

function asPythonia(value: Pythonia): Pythonia {
  if (typeof value.python === 'function' && typeof value.python.exit === 'function' && 'proc' in value.com)
    return value;
  throw new WorkerError('the installed pythonia is not the version that dsptt needs: run `npm install`');
}

function asHosted(module: unknown): Hosted {
  if (isHosted(module)) return module;
  throw new WorkerError('pythonia did not give the module dsptt_worker.hosting.hosted');
}

function isHosted(module: unknown): module is Hosted {
  return typeof module === 'function'; // pythonia's stand-in for an object: it has any name that it is asked for
}

function withEnvironment<T>(change: Readonly<Record<string, string | undefined>>, work: () => T): T {
  const before = Object.keys(change).map((name) => [name, process.env[name]] as const);
  assignEnvironment(Object.entries(change));
  try {
    return work();
  } finally {
    assignEnvironment(before);
  }
}

function assignEnvironment(entries: readonly (readonly [string, string | undefined])[]): void {
  for (const [name, value] of entries) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
