import { EXIT_CODES } from '../../errors';
import type { Launcher, WorkerHandle } from './launcher';
import { LocalLauncher } from './local-launcher';

let early: Promise<WorkerHandle> | undefined;

/**
 * Starts a local worker speculatively, so that importing torch (seconds) overlaps with parsing the command line. The
 * next local session takes it over. Always call `endEarly` afterwards. A worker that cannot start is ignored here: the
 * session's own start reports the error.
 * @returns when the process has been started: loading a command's modules earlier would delay it
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

/** Ends the worker that `startEarly` started, unless a session has taken it over. */
export async function endEarly(): Promise<void> {
  const handle = await take()?.catch(() => undefined);
  await handle?.stop(0);
}

/** Starts workers as child processes of this one. The first start takes over the worker of `startEarly`, if any. */
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

/** Handles a signal before any other handler exists: exits through Node, whose exit event ends the worker. */
function leave(signal: keyof typeof EXIT_CODES): void {
  process.exit(EXIT_CODES[signal]);
}
