import type { ChildProcess } from 'node:child_process';
import { hasCode } from '../../errors';
import type { WorkerExit } from './launcher';

const KEPT_OUTPUT = 64 * 1024;
/** Time between two signals to a child that does not end, in ms. */
const INSIST_MS = 5000;

/** Functions that end the running workers, called by a single exit listener: Node warns of more than ten listeners. */
const RUNNING = new Set<() => void>();

const endAll = () => {
  for (const end of RUNNING) end();
};

/** Registers `end` for the exit of this process, also by an uncaught exception. The stdin pipe covers SIGKILL. */
function endAtExit(end: () => void): void {
  if (RUNNING.size === 0) process.once('exit', endAll);
  RUNNING.add(end);
}

function hasEnded(end: () => void): void {
  RUNNING.delete(end);
  if (RUNNING.size === 0) process.removeListener('exit', endAll);
}

/** A child process, a leader of its group, that is a worker, or a command that stands for one on another machine. */
export class WorkerChild {
  readonly exited: Promise<WorkerExit>;
  readonly #child: ChildProcess;
  readonly #signals: readonly NodeJS.Signals[];
  readonly #end: () => void;

  /**
   * @param signals ends of the process, in order, if it does not leave when its standard input ends
   * @param atExit cleans up when this process exits while the child runs
   */
  constructor(child: ChildProcess, signals: readonly NodeJS.Signals[] = ['SIGKILL'], atExit: () => void = () => {}) {
    this.#child = child;
    this.#signals = signals;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-KEPT_OUTPUT);
      });
    }
    child.stdin?.on('error', () => {}); // EPIPE of a dead worker: its exit is reported instead
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: null, signal: null, output: String(error) }));
      child.once('exit', () => this.#signalGroup('SIGKILL')); // surviving children hold its output open, and so delay 'close'
      child.once('close', (code, signal) => resolve({ code, signal, output }));
    });
    this.#end = () => {
      this.#signal(this.#signals[0] ?? 'SIGKILL');
      atExit();
    };
    endAtExit(this.#end);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends its standard input, waits up to `graceMs`, then sends its signals. */
  async stop(graceMs: number): Promise<void> {
    this.#child.stdin?.end();
    const timers = this.#signals.map((signal, k) => setTimeout(() => this.#signal(signal), graceMs + k * INSIST_MS));
    await this.exited;
    for (const timer of timers) clearTimeout(timer);
    hasEnded(this.#end);
  }

  #signal(signal: NodeJS.Signals): void {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) this.#signalGroup(signal);
  }

  /** Signals the process and its children. */
  #signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if (!hasCode(error, 'ESRCH')) throw error; // the group has ended already
    }
  }
}
