import type { TorchOptions } from '../executor/torch';
import type { OF_MODEL } from '../methods/method';
import type { Disk } from '../store/disk';
import type { Progress as DownloadProgress } from './data/download';
import type { RunEvent, RunListener } from './events';
import type { WorkerChoice } from './worker-choice';

/** What a task that is opened may tell, and what ends its commands. */
export interface OpenOptions extends Pick<TorchOptions, 'onProgress' | 'signal' | 'chunk' | 'recorded' | 'ahead'> {
  /** Told of a download as it goes on. */
  readonly onDownload?: (progress: DownloadProgress) => void;
}

/** The worker of a session, and when it counts as lost. */
export interface SessionOptions extends WorkerChoice {
  /** Messages on the wire at a time, and steps a message (default: as fit half a second): they change speed, never a result. */
  readonly window?: number | undefined;
  readonly chunk?: number | undefined;
  /** How often within an hour a run's worker that was lost is replaced. Default 3. */
  readonly maxRestarts?: number | undefined;
  /** A worker that gets no further for so long hangs, and is replaced, in ms. Default 600,000. */
  readonly stallMs?: number | undefined;
  /** Time between two beats, and without one after which a worker is lost, in ms. Default 1000 and 30,000. */
  readonly beatMs?: number | undefined;
  readonly lostMs?: number | undefined;
}

/** Messages on the wire at a time. */
export const DEFAULT_WINDOW = 3;

/** Where a run of a session is kept, what it starts from, and who is told. */
export interface RunOptions {
  /** Run directory, which must not exist unless a run is to be resumed. */
  readonly out: string;
  /** Go on with the run in the directory, where there is one; a finished one is answered as it is. */
  readonly resume?: boolean | undefined;
  /** The most minutes between two checkpoints, default 10; and the most epochs, default: as many as there are in that time. */
  readonly checkpointMinutes?: number | undefined;
  readonly checkpointEpochs?: number | undefined;
  /** The file system that the run is kept in; by default the machine's own. */
  readonly disk?: Disk | undefined;
  /** A network trained already, as the bytes of a safetensors file; `model`: the one that the model comes with. */
  readonly tier0?: Uint8Array | typeof OF_MODEL | null;
  /** Where that network comes from, for messages. */
  readonly tier0Source?: string | undefined;
  /** Told of what happens, for displays. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Told of every command of the run, with its answer to come. It must not throw. */
  readonly onCommand?: RunListener['onCommand'] | undefined;
  /** Ends the run with an InterruptedError. */
  readonly signal?: AbortSignal | undefined;
}
