import { context } from 'zeromq';
import { DataError, WorkerError } from '../../errors';
import { checkWindow, Link } from '../wire/link';
import { type Answer, type Args, type Op, PROTOCOL_VERSION } from '../wire/protocol';
import type { Launcher, WorkerExit, WorkerHandle } from './launcher';
import { SET_UP_REMEDY } from './python';

export interface WorkerOptions {
  /** Work requests on the wire at a time, so that the worker has the next one when one ends. Default 3. */
  readonly window?: number;
  /** Time between beats, in ms. Default 1000. */
  readonly beatMs?: number;
  /** Time without a beat after which a worker is lost, in ms. Default 30,000: imports and compilation delay beats. */
  readonly lostMs?: number;
  /** Time without progress on a request after which a worker hangs, though it answers beats, in ms. Default 600,000. */
  readonly stallMs?: number;
  /** Time that a worker has to say hello, in ms. Default 120,000: importing torch from a slow disk takes long. */
  readonly startMs?: number;
  /** Time that the worker has to exit when it is closed, in ms. Default 5000. */
  readonly graceMs?: number;
}

/** Answers requests: a worker, or a layer in front of one. */
export interface Requests {
  /**
   * @param lane index, from 0, of the worker for steps on the point that `args` name, where several workers answer as
   *   one. It changes no answer, and a single worker ignores it.
   */
  request<O extends Op>(op: O, args: Args<O>, lane?: number): Promise<Answer<O>>;
}

/** The worker of a run: one process, or several that answer as one. */
export interface RunWorker extends Requests {
  readonly hello: Answer<'hello'>;
  /** The error that ended the worker; undefined while it answers. */
  readonly failure: Error | undefined;
  /** Rejects every waiting or running request with an InterruptedError. */
  cancelAll(): void;
  /** Returns new notices for the user about how the worker runs its task, as of the last beat. */
  takeNotices(): string[];
}

/** A worker process: started and greeted, supervised by beats, and ended with its children and files. */
export class Worker implements RunWorker {
  /** The worker's answer to `hello`: its protocol, versions, devices, data sets and models. */
  readonly hello: Answer<'hello'>;
  readonly #handle: WorkerHandle;
  readonly #link: Link;
  readonly #options: Required<WorkerOptions>;
  readonly #beats: NodeJS.Timeout;
  #steps = 0;
  #notices: readonly string[] = [];
  readonly #told = new Set<string>();
  #lastLook = performance.now(); // ms, monotonic
  #lastBeat = this.#lastLook;
  #lastProgress = this.#lastLook;
  #closing: Promise<void> | undefined;

  #lostPlace = false;

  private constructor(handle: WorkerHandle, link: Link, options: Required<WorkerOptions>, hello: Answer<'hello'>) {
    this.hello = hello;
    this.#handle = handle;
    this.#link = link;
    this.#options = options;
    link.worker = hello.worker;
    handle.exited.then(({ lostPlace = false }) => {
      this.#lostPlace = lostPlace;
    });
    this.#beats = setInterval(() => this.#beat(), options.beatMs).unref();
  }

  /**
   * Starts a worker and greets it.
   * @param signal gives up the wait for a place
   * @throws WorkerError when it does not start, with its output as the traceback; ProtocolError when it speaks another
   *   version of the protocol; ConfigError when the window exceeds the protocol's limits
   */
  static async start(launcher: Launcher, given: WorkerOptions = {}, signal?: AbortSignal): Promise<Worker> {
    const options = {
      window: 3,
      beatMs: 1000,
      lostMs: 30_000,
      stallMs: 600_000,
      startMs: 120_000,
      graceMs: 5000,
      ...given,
    };
    checkWindow(options.window); // before a process is started
    context.blocky = false; // lets Node exit without waiting for unread messages
    const handle = await launcher.start(signal);
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
   * Sends a request; answers come in the order of the requests.
   * @throws the worker's own error, by its kind; WorkerError when the worker is gone; InterruptedError when cancelled
   */
  request<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    const answer = this.#link.request(op, args);
    const { host } = this.#handle;
    if (op !== 'open' || host === undefined) return answer;
    return answer.catch((error) => {
      throw error instanceof DataError ? elsewhere(error, host) : error;
    });
  }

  /** Rejects every waiting or running request with an InterruptedError. */
  cancelAll(): void {
    void this.#link.cancelAll();
  }

  /** The error that ended the worker; undefined while it answers. */
  get failure(): Error | undefined {
    return this.#link.failure;
  }

  /** Description of the worker and its place, for messages. */
  get description(): string {
    return this.#handle.description;
  }

  /** True if the worker has ended with its machine or allocation, and not by its own doing. */
  get lostPlace(): boolean {
    return this.#lostPlace;
  }

  /** Number of training and search steps that the worker had executed at its last beat. */
  get steps(): number {
    return this.#steps;
  }

  takeNotices(): string[] {
    const fresh = this.#notices.filter((notice) => !this.#told.has(notice));
    for (const notice of fresh) this.#told.add(notice);
    return fresh;
  }

  /** Ends the worker and removes its files; only disconnects from a remote one. May be called more than once. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const graceMs = this.failure === undefined ? this.#options.graceMs : 0; // a failed worker does not exit by itself
    clearInterval(this.#beats);
    const closed = new WorkerError('the worker was closed');
    if (this.#handle.isShared) {
      const timer = setTimeout(() => this.#link.fail(closed), this.#options.graceMs);
      await this.#link.cancelAll();
      clearTimeout(timer);
    } else {
      this.#link.request('shutdown', {}).catch(() => {}); // the worker's exit counts, not this answer
    }
    this.#link.fail(closed);
    await this.#handle.stop(graceMs);
    this.#link.close();
  }

  #beat(): void {
    const now = performance.now();
    // A late beat means that this process was suspended; do not count that as the worker's silence.
    if (now - this.#lastLook > this.#options.lostMs / 2) this.#lastBeat = this.#lastProgress = now;
    this.#lastLook = now;
    const silentMs = now - this.#lastBeat;
    const stalledMs = now - this.#lastProgress;
    if (silentMs > this.#options.lostMs) this.#give(`is lost: no beat for ${Math.round(silentMs)} ms`);
    else if (stalledMs > this.#options.stallMs) {
      this.#give(`hangs: no step of '${this.#link.pending[0]}' for ${Math.round(stalledMs)} ms`);
    } else this.#link.request('beat', {}).then(this.#onBeat, () => {}); // its errors reach every pending request
  }

  readonly #onBeat = ({ steps, busy, notices }: Answer<'beat'>): void => {
    this.#lastBeat = performance.now();
    if (busy === null || steps !== this.#steps) this.#lastProgress = this.#lastBeat;
    this.#steps = steps;
    this.#notices = notices;
  };

  /** Fails all requests and ends the worker. */
  #give(why: string): void {
    this.#link.fail(new WorkerError(`the worker ${this.#handle.description} ${why}`));
    void this.close();
  }
}

/** Adds the machine to an error about data: a worker that was placed reads the paths of this one. */
function elsewhere({ message, traceback }: DataError, host: string): DataError {
  return new DataError(`${message} (on ${host}, where data must have the same paths as here)`, { traceback });
}

function exitError(
  { code, signal, output, lostPlace }: WorkerExit,
  description: string,
  during: Op | undefined,
): WorkerError {
  const options = { traceback: output || undefined };
  const last = output.trimEnd().split('\n').at(-1);
  if (code === null && signal === null) {
    if (lostPlace) return new WorkerError(`the worker ${description} was lost with its place`, options);
    return new WorkerError(`the worker ${description} cannot be started (${last}): ${SET_UP_REMEDY}`, options);
  }
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  const when = during === undefined || during === 'hello' ? 'before it could be used' : `while it served '${during}'`;
  const missing = /^ModuleNotFoundError: No module named '(\w+)'/m.exec(output)?.[1];
  const said = missing ? `: it has no module '${missing}'` : last && `; it said: ${last}`;
  const remedy = missing || /^ImportError/m.test(output) ? `; ${SET_UP_REMEDY}` : '';
  return new WorkerError(`the worker ${description} ${how} ${when}${said}${remedy}`, options);
}
