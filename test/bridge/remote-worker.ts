import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { findPython } from '../../src/bridge/workers/python';
import { ROOT } from '../builders';
import { freePort } from '../machine';

/** A worker that was started by hand, on TCP. */
export interface Daemon {
  readonly child: ChildProcess;
  readonly address: string;
  readonly port: number;
  /** What it prints when it serves. */
  readonly line: string;
  /** End it as its user would, and answer its exit code and what it printed on standard error. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; errors: string }>;
}

const daemons: Daemon[] = [];
afterAll(async () => {
  for (const daemon of daemons) await daemon.stop('SIGKILL');
});

/** Start `python -m dsptt_worker` with these keys on a free port of the loopback, and wait until it serves. */
export async function startDaemon(keys: string, port?: number): Promise<Daemon> {
  const chosen = port ?? (await freePort());
  const address = `tcp://127.0.0.1:${chosen}`;
  const child = spawn(findPython(), ['-m', 'dsptt_worker', '--listen', address, '--keys', keys], {
    env: { ...process.env, PYTHONPATH: path.join(ROOT, 'python'), OMP_NUM_THREADS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const ended = once(child, 'close');
  const stop: Daemon['stop'] = async (signal = 'SIGTERM') => {
    child.kill(signal);
    await ended;
    return { code: child.exitCode, errors };
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const daemon = { child, address, port: chosen, line, stop };
    daemons.push(daemon);
    return daemon;
  }
  throw new Error(`the worker ended without serving: ${errors}`);
}
