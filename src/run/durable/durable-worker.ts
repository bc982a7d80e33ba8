import type { Answer, Args, Op } from '../../bridge/wire/protocol';
import type { Keeper } from '../../bridge/workers/supervisor';
import type { Requests, RunWorker } from '../../bridge/workers/worker';
import { InterruptedError } from '../../errors';
import type { Checkpoint, Checkpoints } from '../../store/checkpoints';
import type { CheckpointClock } from './checkpoint-clock';
import { isLasting, type PendingCommand, takeCommand } from './command';
import { deferred } from './deferred';
import { afterCommand, type World } from './effects';
import type { Recorder } from './recorder';
import { restoreStates, takeStates, worldOf } from './worker-states';

export interface DurableOptions {
  readonly recorder: Recorder;
  readonly supervisor: Keeper;
  readonly checkpoints: Checkpoints;
  /** The checkpoint to begin with: no command before its position is sent to a worker, except `open`. */
  readonly base: Checkpoint | null;
  readonly clock: CheckpointClock;
  /** Number of commands on the wire at a time. */
  readonly window: number;
  /** Called with each worker before it gets a command. What it throws ends the run. */
  readonly onWorker: (worker: RunWorker) => void;
  /** Called with notices for the user: a worker was replaced, numbers differ. */
  readonly onNotice: (message: string) => void;
}

/**
 * Answers the commands of a run so that the run survives interruptions and lost workers. Commands with an answer in the
 * journal get it from there. At the first one without, the worker's states are restored from the newest checkpoint, and
 * later commands that change states are sent again; their answers must be those of the journal. When a worker is lost,
 * the same is done with its replacement.
 */
export class DurableWorker implements Requests {
  readonly #options: DurableOptions;
  /** The command `open`, then every command since the checkpoint that may still have to be sent, in order. */
  #log: PendingCommand[] = [];
  /** Number of commands of the log that were sent to the worker; `#inFlight` of them are unanswered. */
  #sent = 0;
  #inFlight = 0;
  /** Number of repeated commands on the wire whose answers have not been compared yet. */
  #remade = 0;
  /** The worker, with its task open and its states restored; null before. */
  #worker: RunWorker | null = null;
  /** Number of workers lost so far: answers for an earlier generation are dropped. */
  #generation = 0;
  #isConnecting = false;
  /** Position after the last sent command. `#world` is the worker's contents there, if `#isKnown`. */
  #reached = 0;
  #world: World;
  /** False after a command that changes states was refused: the contents are unknown, and no checkpoint is taken. */
  #isKnown = true;
  #base: Checkpoint | null;
  #checkpointing: Promise<void> | null = null;
  #ended: Error | undefined;
  #onIdle: () => void = () => {};

  constructor(options: DurableOptions) {
    this.#options = options;
    this.#base = options.base;
    this.#world = worldOf(options.base);
  }

  /** Answers a command. @throws DeterminismError when it is not the one of the journal; the worker's errors */
  request<O extends Op>(op: O, args: Args<O>, lane?: number): Promise<Answer<O>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    try {
      const { entry, promise } = takeCommand(op, args, { ...this.#options, lane });
      const isNeeded = op === 'open' || (isLasting(entry) && entry.c >= (this.#base?.position ?? 0));
      if (isNeeded || !entry.isAnswered()) this.#log.push(entry);
      if (!entry.isAnswered()) this.#pump();
      return promise;
    } catch (error) {
      return Promise.reject(this.#fail(error));
    }
  }

  /** Refuses further commands, and waits up to `graceMs` for those on the wire before it cancels them. */
  async stop(graceMs: number): Promise<void> {
    this.#fail(new InterruptedError('the run was interrupted'));
    if (this.#inFlight === 0) return;
    const { promise, resolve } = deferred<void>();
    this.#onIdle = () => resolve();
    const timer = setTimeout(() => this.#options.supervisor.worker.cancelAll(), graceMs);
    await promise;
    clearTimeout(timer);
  }

  /** Takes a last checkpoint of an interrupted run if nothing is on the wire, and waits until all is on the disk. */
  async settle(): Promise<void> {
    await this.#checkpointing;
    if (this.#ended instanceof InterruptedError && this.#inFlight === 0) this.#takeCheckpoint();
    await this.#checkpointing;
    await this.#options.recorder.synced();
  }

  /** Sends waiting commands up to the window. Without a worker that is ready, connects to one first. */
  #pump(): void {
    const worker = this.#worker;
    if (worker === null) {
      if (!this.#isConnecting && this.#ended === undefined) void this.#connect(this.#options.supervisor.worker);
      return;
    }
    while (this.#inFlight < this.#options.window && this.#sent < this.#log.length && this.#ended === undefined) {
      const entry = this.#log[this.#sent];
      const isNew = !entry.isKnown();
      if (isNew && this.#remade > 0) return; // do not build on, or record, results that may differ
      if (isNew && this.#checkpointing === null && this.#options.clock.isDue()) this.#takeCheckpoint();
      this.#sent += 1;
      this.#send(worker, entry);
    }
  }

  async #connect(worker: RunWorker): Promise<void> {
    const [open] = this.#log;
    [this.#isConnecting, this.#inFlight] = [true, 1];
    try {
      this.#options.onWorker(worker);
      const land = await open.send(worker);
      await land();
      if (this.#base !== null) await restoreStates(worker, this.#options.checkpoints, this.#base);
      [this.#world, this.#reached, this.#isKnown] = [worldOf(this.#base), this.#base?.position ?? 1, true];
      [this.#worker, this.#sent, this.#remade] = [worker, 1, 0];
      this.#options.clock.restart();
    } catch (error) {
      if (worker.failure === undefined) this.#fail(error);
      else await this.#recover(worker.failure);
    }
    [this.#isConnecting, this.#inFlight] = [false, 0];
    this.#pump();
    if (this.#inFlight === 0) this.#onIdle();
  }

  #send(worker: RunWorker, entry: PendingCommand): void {
    const generation = this.#generation;
    const isRemade = entry.isKnown();
    if (isRemade) this.#remade += 1;
    this.#inFlight += 1;
    this.#reached = entry.c + 1;
    this.#options.clock.count(entry.steps);
    this.#world = afterCommand(this.#world, entry.effect, entry.c);
    entry.send(worker).then(
      (land) => {
        if (generation !== this.#generation) return;
        if (!isLasting(entry)) this.#forget(entry);
        const landing = land().catch((error) => entry.reject(this.#fail(error)));
        if (isRemade) void landing.then(() => this.#proved(generation));
        this.#landed();
      },
      (error) => {
        if (generation === this.#generation) this.#refused(worker, entry, error);
      },
    );
  }

  /** Passes an error of a running worker on to the method; replaces a lost worker. */
  #refused(worker: RunWorker, entry: PendingCommand, error: Error): void {
    if (worker.failure !== undefined) {
      void this.#recover(worker.failure).then(() => this.#pump());
      return;
    }
    if (isLasting(entry)) this.#isKnown = false;
    if (entry.isKnown()) this.#remade -= 1;
    entry.reject(entry.isAnswered() ? this.#fail(error) : error); // if the method has its answer, fail the run instead
    this.#forget(entry);
    this.#landed();
  }

  #landed(): void {
    this.#inFlight -= 1;
    for (const notice of this.#worker?.takeNotices() ?? []) this.#options.onNotice(notice);
    this.#pump();
    if (this.#inFlight === 0) this.#onIdle();
  }

  #proved(generation: number): void {
    if (generation !== this.#generation) return;
    this.#remade -= 1;
    this.#pump();
  }

  #forget(entry: PendingCommand): void {
    this.#log = this.#log.filter((one) => one !== entry);
    this.#sent -= 1;
  }

  /** Replaces a lost worker, so that everything since the checkpoint is sent again. */
  async #recover(cause: Error): Promise<void> {
    this.#generation += 1;
    [this.#worker, this.#sent, this.#inFlight, this.#isConnecting] = [null, 0, 0, true];
    if (this.#ended === undefined) {
      try {
        await this.#options.supervisor.replace(cause, (message) => {
          this.#options.recorder.keepRestart(message);
          this.#options.onNotice(message);
        });
      } catch (error) {
        this.#fail(error);
      }
    }
    this.#isConnecting = false;
    if (this.#ended !== undefined) this.#fail(this.#ended);
    this.#onIdle();
  }

  #takeCheckpoint(): void {
    const worker = this.#worker;
    this.#options.clock.restart();
    if (worker === null || !this.#isKnown || this.#remade > 0) return;
    const position = this.#reached;
    if (position === this.#base?.position) return;
    this.#checkpointing = this.#keepStates(worker, position).finally(() => {
      this.#checkpointing = null;
    });
  }

  /** Writes a checkpoint. Never throws: if it cannot be written, the run ends at its next command. */
  async #keepStates(worker: RunWorker, position: number): Promise<void> {
    const { checkpoints, recorder } = this.#options;
    const generation = this.#generation;
    try {
      const { made, fresh } = await takeStates(worker, this.#world, this.#base, position);
      await recorder.synced();
      await checkpoints.write(made, fresh);
      if (generation !== this.#generation) return; // a new worker is being restored from the previous checkpoint
      this.#base = made;
      const isDone = (entry: PendingCommand) => entry.op !== 'open' && entry.c < position && entry.isAnswered();
      this.#sent -= this.#log.slice(0, this.#sent).filter(isDone).length;
      this.#log = this.#log.filter((entry) => !isDone(entry));
    } catch (error) {
      if (worker.failure === undefined) this.#fail(error);
    }
  }

  /** Ends the run: rejects all unsent commands. @returns the error that ends the run, which is the first one */
  #fail(error: unknown): Error {
    const ended = this.#ended ?? (error instanceof Error ? error : new Error(String(error)));
    this.#ended = ended;
    for (const entry of this.#log.splice(this.#sent)) entry.reject(ended);
    return ended;
  }
}
