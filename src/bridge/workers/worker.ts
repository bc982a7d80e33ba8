import { context } from 'zeromq';
import { WorkerError } from '../../errors';
import { checkWindow, Link } from '../wire/link';
import { type Answer, type Args, type Op, PROTOCOL_VERSION } from '../wire/protocol';
import type { Launcher, WorkerExit, WorkerHandle } from './launcher';
import { SET_UP_REMEDY } from './python';

export interface WorkerOptions {
  /** Work requests on the wire at a time, so that the worker has its next one before the current one ends. Default 3. */
  readonly window?: number;
  /** Time between beats, in ms. Default 1000. */
  readonly beatMs?: number;
  /** A worker that answers no beat for so long is lost, in ms. Default 30,000: importing torch and compiling hold it up. */
  readonly lostMs?: number;
  /** A worker that answers, but gets no further with a request for so long, hangs, in ms. Default 600,000. */
  readonly stallMs?: number;
  /** Time that a worker has to say hello, in ms. Default 120,000: importing torch from a slow disk takes its time. */
  readonly startMs?: number;
  /** Time that the worker has to leave by itself when it is closed, in ms. Default 5000. */
  readonly graceMs?: number;
}

/** Who answers requests: a worker, or what stands before one. */
export interface Requests {
  /**
   * @param lane of several workers that answer as one, the one to do it, from 0. It is for steps on the point that
   *   `args` name, changes no answer, and means nothing to a single worker.
   */
  request<O extends Op>(op: O, args: Args<O>, lane?: number): Promise<Answer<O>>;
}

/** What a run needs of its worker: one process, or several that answer as one. */
export interface RunWorker extends Requests {
  readonly hello: Answer<'hello'>;
  /** Why it answers nothing any more; undefined while it does. */
  readonly failure: Error | undefined;
  /** Give up every request that is waiting or running; each of them ends with an InterruptedError. */
  cancelAll(): void;
  /** What a user may want to know of how the worker runs its task, as of the last beat, and was not told before. */
  takeNotices(): string[];
}

/** A worker process and its life: started and greeted, watched while it works, ended with all it owns. */
export class Worker implements RunWorker {
  /** What the worker said about itself. */
  readonly hello: Answer<'hello'>;
  readonly #handle: WorkerHandle;
  readonly #link: Link;
  readonly #options: Required<WorkerOptions>;
  readonly #beats: NodeJS.Timeout;
  #steps = 0;
  #notices: readonly string[] = [];
  readonly #told = new Set<string>();
  #lastLook = performance.now(); // a clock that nobody sets
  #lastBeat = this.#lastLook;
  #lastProgress = this.#lastLook;
  #closing: Promise<void> | undefined;

  private constructor(handle: WorkerHandle, link: Link, options: Required<WorkerOptions>, hello: Answer<'hello'>) {
    this.hello = hello;
    this.#handle = handle;
    this.#link = link;
    this.#options = options;
    link.worker = hello.worker;
    this.#beats = setInterval(() => this.#beat(), options.beatMs).unref();
  }

  /**
   * Start a worker and greet it.
   * @throws WorkerError when it does not start, with its output as the traceback; ProtocolError on another version.
   */
  static async start(launcher: Launcher, given: WorkerOptions = {}): Promise<Worker> {
    const options = {
      window: 3,
      beatMs: 1000,
      lostMs: 30_000,
      stallMs: 600_000,
      startMs: 120_000,
      graceMs: 5000,
      ...given,
    };
    checkWindow(options.window); // before there is a process to be ended
    context.blocky = false; // Node ends without waiting for messages that nobody will read
    const handle = await launcher.start();
    const link = new Link(handle.work, handle.control, options.window, handle.remote);
    handle.exited.then((exit) => link.fail(exitError(exit, handle.description, link.pending[0])));
    const silent = new WorkerError(`the worker ${handle.description} did not say hello within ${options.startMs} ms`);
    const timer = setTimeout(() => link.fail(silent), options.startMs);
    try {
      const hello = await link.request('hello', { protocol: PROTOCOL_VERSION });
      return new Worker(handle, link, options, hello);
    } catch (error) {
      await handle.stop(0);
      link.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Ask the worker for something; answers come in the order of the requests.
   * @throws the worker's own error under its kind; WorkerError when it is gone; InterruptedError when cancelled.
   */
  request<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    return this.#link.request(op, args);
  }

  /** Give up every request that is waiting or running; each of them ends with an InterruptedError. */
  cancelAll(): void {
    void this.#link.cancelAll();
  }

  /** Why it answers nothing any more; undefined while it does. */
  get failure(): Error | undefined {
    return this.#link.failure;
  }

  /** How many training and search steps the worker had executed at its last beat. */
  get steps(): number {
    return this.#steps;
  }

  takeNotices(): string[] {
    const fresh = this.#notices.filter((notice) => !this.#told.has(notice));
    for (const notice of fresh) this.#told.add(notice);
    return fresh;
  }

  /** End the worker and remove its files, or take leave of a daemon. May be called more than once. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const graceMs = this.failure === undefined ? this.#options.graceMs : 0; // one that failed does not leave by itself
    clearInterval(this.#beats);
    const closed = new WorkerError('the worker was closed');
    if (this.#handle.remote) {
      const timer = setTimeout(() => this.#link.fail(closed), this.#options.graceMs);
      await this.#link.cancelAll();
      clearTimeout(timer);
    } else {
      this.#link.request('shutdown', {}).catch(() => {}); // its answer does not matter, the worker's exit does
    }
    this.#link.fail(closed);
    await this.#handle.stop(graceMs);
    this.#link.close();
  }

  #beat(): void {
    const now = performance.now();
    if (now - this.#lastLook > this.#options.lostMs / 2) this.#lastBeat = this.#lastProgress = now; // we were stopped, not it
    this.#lastLook = now;
    const silentMs = now - this.#lastBeat;
    const stalledMs = now - this.#lastProgress;
    if (silentMs > this.#options.lostMs) this.#give(`is lost: no beat for ${Math.round(silentMs)} ms`);
    else if (stalledMs > this.#options.stallMs) {
      this.#give(`hangs: no step of '${this.#link.pending[0]}' for ${Math.round(stalledMs)} ms`);
    } else this.#link.request('beat', {}).then(this.#onBeat, () => {}); // what ends a beat ends every request, and is reported there
  }

  readonly #onBeat = ({ steps, busy, notices }: Answer<'beat'>): void => {
    this.#lastBeat = performance.now();
    if (busy === null || steps !== this.#steps) this.#lastProgress = this.#lastBeat;
    this.#steps = steps;
    this.#notices = notices;
  };

  /** Give the worker up, whatever it does. */
  #give(why: string): void {
    this.#link.fail(new WorkerError(`the worker ${this.#handle.description} ${why}`));
    void this.close();
  }
}

function exitError({ code, signal, output }: WorkerExit, description: string, during: Op | undefined): WorkerError {
  const options = { traceback: output || undefined };
  const last = output.trimEnd().split('\n').at(-1);
  if (code === null && signal === null) {
    return new WorkerError(`the worker ${description} cannot be started (${last}): ${SET_UP_REMEDY}`, options);
  }
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  const when = during === undefined || during === 'hello' ? 'before it could be used' : `while it served '${during}'`;
  const missing = /^ModuleNotFoundError: No module named '(\w+)'/m.exec(output)?.[1];
  const said = missing ? `: it has no module '${missing}'` : last && `; it said: ${last}`;
  const remedy = missing || /^ImportError/m.test(output) ? `; ${SET_UP_REMEDY}` : '';
  return new WorkerError(`the worker ${description} ${how} ${when}${said}${remedy}`, options);
}
