import type { CurveKeys } from '../wire/key-files';

/** Access to a worker on another machine. */
export interface RemoteAccess {
  readonly keys: CurveKeys;
  /** A random name; a reconnection under the same name replaces a broken connection. */
  readonly client: string;
}

/** End of a worker: its exit code or signal, and its last output. */
export interface WorkerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  /** True if the worker's machine or allocation is gone, or was taken back: not the worker's own doing. */
  readonly lostPlace?: boolean;
}

/** A started worker, on this machine or another. */
export interface WorkerHandle {
  /** ZeroMQ addresses of its two sockets. */
  readonly work: string;
  readonly control: string;
  /** Access for addresses on TCP; undefined if the worker serves this process only. */
  readonly remote?: RemoteAccess;
  /** True if the worker serves later sessions too, so that this process takes its leave and does not end it. */
  readonly isShared?: boolean;
  /** Machine on which a command has placed the worker; undefined for other workers. */
  readonly host?: string;
  /** Description of the worker and its place for messages, such as the interpreter's path. */
  readonly description: string;
  /** Resolves when the worker has ended. */
  readonly exited: Promise<WorkerExit>;
  /** Waits up to `graceMs` for the worker to exit, then kills it with its children, and removes its files. */
  stop(graceMs: number): Promise<void>;
}

/** Starts workers, or connects to them. */
export interface Launcher {
  /**
   * Starts a worker; where several share places, it waits for one without limit.
   * @param signal gives up the wait
   * @throws WorkerError when the worker cannot be started; InterruptedError after an abort
   */
  start(signal?: AbortSignal): Promise<WorkerHandle>;
}
