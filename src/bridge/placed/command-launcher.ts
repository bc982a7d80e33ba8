import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { WorkerError } from '../../errors';
import type { Launcher, WorkerExit, WorkerHandle } from '../workers/launcher';
import { findPython, PACKAGES } from '../workers/python';
import { WorkerChild } from '../workers/worker-child';
import { jsonLine } from './json-line';
import {
  type Announcement,
  announcementSchema,
  endedFirst,
  type PlacedProcess,
  PlacedWorker,
  placedArguments,
  TRACEBACK,
  untilPlaced,
} from './placed-worker';

/** Time between messages about a worker that waits for its place, in ms. */
const TELL_MS = 60_000;
/** Faults of a program: a scheduler sends none of them. A shell, or what stands for one, exits with 128 and the number. */
const FAULTS: readonly NodeJS.Signals[] = ['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL'];
const FAULT_CODES = [...FAULTS, 'SIGKILL' as const].map((name) => 128 + constants.signals[name]); // memory ran out, as a rule

export interface CommandLauncherOptions {
  /** The interpreter over there; by default the one of `findPython`, whose path must then lead to one there too. */
  readonly python?: string | undefined;
  /** Environment of the command; by default that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Time that a placed worker has to accept a connection, in ms: a firewall shows itself by it. Default 20,000. */
  readonly connectMs?: number;
  /** Called each minute while a worker waits for its place. */
  readonly onWait?: ((message: string) => void) | undefined;
}

/**
 * Starts workers by a command that runs another one elsewhere and passes on its standard streams, such as `srun -n1` or
 * `ssh gpu1`. The command may wait for a place without limit.
 */
export class CommandLauncher implements Launcher {
  readonly #words: readonly string[];
  readonly #options: CommandLauncherOptions;

  /** @param words the command and its first arguments */
  constructor(words: readonly string[], options: CommandLauncherOptions = {}) {
    this.#words = words;
    this.#options = options;
  }

  /** @throws WorkerError when the command ends first, or nothing listens where the worker says; like `Launcher.start` */
  async start(signal?: AbortSignal): Promise<WorkerHandle> {
    const [command = '', ...first] = this.#words;
    const child = spawn(command, [...first, ...this.#worker()], {
      env: this.#options.env ?? process.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true, // a separate session, so that Ctrl-C in a terminal reaches only Node
    });
    const owned = new WorkerChild(child, ['SIGTERM', 'SIGKILL']);
    try {
      const said = await this.#announced(child, owned, signal);
      return await PlacedWorker.reach(processOf(owned), said, this.#words.join(' '), this.#options.connectMs);
    } catch (error) {
      await owned.stop(0);
      throw error;
    }
  }

  /** The command line of the worker. `-m`, so that a package installed over there serves if this path leads to none. */
  #worker(): string[] {
    return [
      ...['env', `PYTHONPATH=${PACKAGES}`, 'PYTHONSAFEPATH=1', 'PYTHONUNBUFFERED=1'],
      ...[this.#options.python ?? findPython(), '-m', 'dsptt_worker', ...placedArguments(), '--until-stdin-ends'],
    ];
  }

  /** Waits for the worker's announcement, which may take as long as a queue does. */
  async #announced(child: ChildProcess, owned: WorkerChild, signal?: AbortSignal): Promise<Announcement> {
    const waits = `the worker of '${this.#words.join(' ')}' waits for its place`;
    const telling = setInterval(() => this.#options.onWait?.(waits), TELL_MS);
    const gone = owned.exited.then((exit) => {
      throw this.#failure(exit);
    });
    try {
      return await untilPlaced(Promise.race([firstAnnouncement(child), gone]), signal);
    } finally {
      clearInterval(telling);
      gone.catch(() => {}); // told by `exited` from now on
    }
  }

  #failure(exit: WorkerExit): WorkerError {
    if (exit.code !== null || exit.signal !== null) return endedFirst(`'${this.#words.join(' ')}'`, exit);
    const why = exit.output.trimEnd();
    return new WorkerError(`'${this.#words[0]}' cannot be started (${why}): is it installed here, and on the PATH?`);
  }
}

/** Returns the first line of standard output that is an announcement; others may come from what starts the worker. */
async function firstAnnouncement({ stdout }: ChildProcess): Promise<Announcement> {
  if (stdout !== null) {
    try {
      for await (const line of createInterface({ input: stdout })) {
        const said = announcementSchema.safeParse(jsonLine(line));
        if (said.success) return said.data;
      }
    } finally {
      stdout.resume(); // readline leaves it paused, and its end would never come
    }
  }
  return new Promise(() => {}); // the command has ended, which its exit tells
}

/** Returns the child as the process of a worker, whose exit tells whether its place was lost. */
function processOf(child: WorkerChild): PlacedProcess {
  return {
    exited: child.exited.then((exit) => ({ ...exit, lostPlace: isPlaceLost(exit) })),
    stop: (graceMs) => child.stop(graceMs),
  };
}

/** Reports whether a worker went with its place: it printed no error, and no signal of its own doing ended it. */
function isPlaceLost({ code, signal, output }: WorkerExit): boolean {
  const isFault = signal === null ? FAULT_CODES.includes(code ?? 0) : FAULTS.includes(signal);
  return !isFault && !TRACEBACK.test(output);
}
