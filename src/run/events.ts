import type { Task } from '../executor/executor';
import type { ProgramProgress } from '../executor/torch';
import type { MethodEvent } from '../trust-tech/events';
import type { Progress as DownloadProgress } from './data/download';

/** What happens in a run, for displays. */
export type RunEvent =
  | MethodEvent
  | { readonly type: 'started'; readonly out: string; readonly task: Task; readonly steps: number }
  | ({ readonly type: 'progress' } & ProgramProgress)
  | ({ readonly type: 'download' } & DownloadProgress)
  /** What the user may want to know: a worker that was replaced, a checkpoint that was damaged. */
  | { readonly type: 'notice'; readonly message: string };

/** Told what a method does while its run is replayed. */
export interface RunListener {
  readonly onEvent: (event: MethodEvent) => void;
  /** Every command in order, with its answer: a promise that is rejected where the journal has none. */
  readonly onCommand: (op: string, args: object, answer: Promise<object>) => void;
}
