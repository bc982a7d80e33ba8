import type { TorchOptions } from '../executor/torch';
import type { OF_MODEL } from '../methods/method';
import type { Disk } from '../store/disk/disk';
import type { DownloadProgress } from './data/download';
import type { RunEvent, RunListener } from './events';
import type { WorkerChoice } from './session/worker-choice';

/** Options of an open task: its callbacks, its messages, and the signal that ends its commands. */
export interface OpenOptions
  extends Pick<
    TorchOptions,
    'onProgress' | 'onValidation' | 'validates' | 'signal' | 'chunk' | 'recorded' | 'ahead' | 'places'
  > {
  /** Called with the progress of a download. */
  readonly onDownload?: (progress: DownloadProgress) => void;
}

/** Options of a session: its worker, and when that counts as lost. */
export interface SessionOptions extends WorkerChoice {
  /** Number of messages on the wire at a time. It changes the speed, never a result. Default 3. */
  readonly window?: number | undefined;
  /** Number of steps a message. It changes the speed, never a result. Default: as many as take half a second. */
  readonly chunk?: number | undefined;
  /** Most replacements of a lost worker within an hour. Default 3. */
  readonly maxRestarts?: number | undefined;
  /** Time without progress after which a worker hangs, and is replaced, in ms. Default 600,000. */
  readonly stallMs?: number | undefined;
  /** Time between two beats, in ms. Default 1000. */
  readonly beatMs?: number | undefined;
  /** Time without a beat after which a worker is lost, in ms. Default 30,000. */
  readonly lostMs?: number | undefined;
}

/** Default number of messages on the wire at a time. */
export const DEFAULT_WINDOW = 3;

/** Options of a run in a session: its directory, its tier 0, and its callbacks. */
export interface RunOptions {
  /** Run directory, which must not exist unless a run is to be resumed. */
  readonly out: string;
  /** True to resume the run in the directory, if there is one; the result of a finished run is returned unchanged. */
  readonly resume?: boolean | undefined;
  /** Most minutes between two checkpoints. Default 10. */
  readonly checkpointMinutes?: number | undefined;
  /** Most epochs between two checkpoints. Default: no limit besides the time. */
  readonly checkpointEpochs?: number | undefined;
  /** File system of the run directory; by default the machine's own. */
  readonly disk?: Disk | undefined;
  /** A trained network, as the bytes of a safetensors file; `model`: the initial state of the configured model. */
  readonly tier0?: Uint8Array | typeof OF_MODEL | null;
  /** Source of the tier-0 network, for messages. */
  readonly tier0Source?: string | undefined;
  /** Called with every event of the run, for displays. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Called for every command of the run, with the promise of its answer. It must not throw. */
  readonly onCommand?: RunListener['onCommand'] | undefined;
  /** Ends the run with an InterruptedError. */
  readonly signal?: AbortSignal | undefined;
}
