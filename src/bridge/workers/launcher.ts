import type { CurveKeys } from '../wire/key-files';

/** How to get at a worker on another machine. It serves other sessions after this one: nobody here ends it. */
export interface RemoteAccess {
  readonly keys: CurveKeys;
  /** A random name: a later connection under the same one takes the place of an earlier one that broke. */
  readonly client: string;
}

/** How a worker ended: its exit code or signal, and the last it printed. */
export interface WorkerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** A started worker, wherever it runs. */
export interface WorkerHandle {
  /** ZeroMQ addresses of its two sockets. */
  readonly work: string;
  readonly control: string;
  /** For addresses on TCP; without it the worker is ours alone. */
  readonly remote?: RemoteAccess;
  /** What it is and where, for messages: the interpreter's path, say. */
  readonly description: string;
  /** Resolves once it has ended. */
  readonly exited: Promise<WorkerExit>;
  /** Wait up to `graceMs` for it to leave by itself, then end it with all its children, and remove its files. */
  stop(graceMs: number): Promise<void>;
}

/** A way to start workers: as a child process now, on a cluster one day. */
export interface Launcher {
  start(): Promise<WorkerHandle>;
}
