import type { ChildProcess } from 'node:child_process';
import { UsageError, WorkerError } from '../../errors';

/** The part of pythonia that dsptt uses. `com.proc` is its only Python process; null after `python.exit()`. */
interface Pythonia {
  readonly python: ((module: string) => Promise<unknown>) & { exit(): void };
  readonly com: { readonly proc: ChildProcess | null };
}

/** The module `dsptt_worker.hosting.hosted` in that Python. */
interface Hosted {
  answer(request: string): Promise<unknown>;
}

export interface StartedPython {
  readonly child: ChildProcess;
  /** Resolves when Python has imported the module. */
  readonly hosted: Promise<Hosted>;
  /** Stops pythonia's timer and ends the child; a later start creates a new one. */
  exit(): void;
}

let loaded: Pythonia | undefined;

/**
 * Makes pythonia start its Python with these environment variables. pythonia reads the environment only at that moment,
 * so the variables are restored immediately.
 * @throws UsageError when the script itself uses pythonia, which has one Python for the whole process
 */
export function startPython(env: Readonly<Record<string, string | undefined>>): StartedPython {
  if (loaded === undefined && require.cache[require.resolve('pythonia')] !== undefined) {
    throw new UsageError(
      'this script has started a Python through pythonia already, and pythonia runs only one: build the network with the ' +
        '`python` that its factory is given, and do not import pythonia',
    );
  }
  // DEBUG would make pythonia write every message to standard output. REQ_TIMEOUT 0: calls have our own deadlines.
  return withEnvironment({ ...env, DEBUG: undefined, REQ_TIMEOUT: '0' }, () => {
    loaded ??= asPythonia(require('pythonia'));
    const { python, com } = loaded;
    const hosted = python('dsptt_worker.hosting.hosted').then(asHosted); // starts Python if it is not running
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
  return typeof module === 'function'; // pythonia's proxy of an object answers to any property name
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
