import { EXIT_CODES } from '../../errors';
import type { Launcher, WorkerHandle } from './launcher';
import { LocalLauncher } from './local-launcher';

let early: Promise<WorkerHandle> | undefined;

/**
 * Start a worker on this machine before it is known what for: importing torch takes seconds, in which the command line can
 * be read. The next session that starts one of its own gets it; whoever calls this calls `endEarly` in any case.
 * What keeps it from starting is told to that session.
 * @returns once its process has been started: loading a command's modules would hold that up
 */
export async function startEarly(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, leave);
  try {
    early = new LocalLauncher().start();
    await early;
  } catch {
    early = undefined;
  }
}

/** End the worker that was started early, where nobody has taken it. */
export async function endEarly(): Promise<void> {
  const handle = await take()?.catch(() => undefined);
  await handle?.stop(0);
}

/** Starts workers as child processes of this one; the first is the one that was started early, where there is one. */
export class EarlyLauncher implements Launcher {
  readonly #launcher = new LocalLauncher();

  start(): Promise<WorkerHandle> {
    return take() ?? this.#launcher.start();
  }
}

function take(): Promise<WorkerHandle> | undefined {
  const taken = early;
  early = undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, leave);
  return taken;
}

/** Nobody listens to signals yet: end by way of Node's own exit, which takes the worker along. */
function leave(signal: keyof typeof EXIT_CODES): void {
  process.exit(EXIT_CODES[signal]);
}
