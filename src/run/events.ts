import type { Task, ValidationPoint } from '../executor/executor';
import type { ProgramProgress } from '../executor/program-progress';
import type { MemberResult, Result } from '../store/result';
import type { MethodEvent } from '../trust-tech/events';
import type { DownloadProgress } from './data/download';

/** An event of a run, for displays. */
export type RunEvent =
  | MethodEvent
  | { readonly type: 'started'; readonly out: string; readonly task: Task; readonly steps: number }
  | ({ readonly type: 'progress' } & ProgramProgress)
  | ({ readonly type: 'download' } & DownloadProgress)
  /** A network in training, evaluated on the validation split. */
  | ({ readonly type: 'validated'; readonly network: string } & ValidationPoint)
  /** Loss barriers that are measured, of those that the run measures. */
  | { readonly type: 'barriers'; readonly done: number; readonly of: number }
  /** A network with its measures, once it was evaluated. */
  | { readonly type: 'evaluated'; readonly network: MemberResult }
  /** The end of a run that finished. */
  | { readonly type: 'finished'; readonly result: Result }
  /** A notice for the user, such as a replaced worker; one that concerns the result stands in result.json too. */
  | { readonly type: 'notice'; readonly message: string; readonly concernsResult?: true };

/** Callbacks for the events and commands of a replayed run. */
export interface RunListener {
  readonly onEvent: (event: MethodEvent) => void;
  /** Called for every command in order, with its answer: a promise that rejects if the journal has none. */
  readonly onCommand: (op: string, args: object, answer: Promise<object>) => void;
}
