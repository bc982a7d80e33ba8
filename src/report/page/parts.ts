import type { Comparison } from '../../store/comparison';
import type { RunView } from '../run-view';

/** Contents of a report. */
export interface ReportParts {
  /** Runs to report on; at least one. */
  readonly runs: readonly RunView[];
  /** Comparison of the finished runs; null if there are fewer than two. */
  readonly comparison?: Comparison | null;
  /** Default: method or number of runs, with the data and the network. */
  readonly title?: string | undefined;
}

/** Subject of the chapter on several runs. */
export interface Together {
  readonly runs: readonly RunView[];
  /** Comparison of the finished ones; null if there are fewer than two. */
  readonly comparison: Comparison | null;
}
