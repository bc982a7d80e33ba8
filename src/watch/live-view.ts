/** State of a run, sent to the page as JSON. This file imports nothing, because the browser code shares it. */
export interface LiveView {
  readonly name: string;
  readonly state: RunState;
  /** True if no further state will follow. */
  readonly isComplete: boolean;
  /** Reason why the directory cannot be read as a run; null if it can. */
  readonly problem: string | null;
  /** Parts of the run that cannot be shown, and the reason; null if all are shown. */
  readonly note: string | null;
  readonly about: About | null;
  /** Settings of the run; empty until they are known. */
  readonly settings: readonly SettingView[];
  /** True once a report can be made. */
  readonly hasReport: boolean;
  /** Current phase with its steps done and in total (0 for a phase without steps); null if there is none. */
  readonly phase: { readonly name: string; readonly done: number; readonly total: number } | null;
  readonly progress: RunProgress;
  readonly searches: readonly SearchView[];
  readonly trainings: readonly TrainingView[];
  /** Networks with their measurements so far; after the end, those of result.json. */
  readonly members: readonly MemberView[];
  /** Ensembles of the networks whose outputs are known; after the end, those of result.json. */
  readonly ensembles: readonly EnsembleView[];
  /** Id of the process that the stop button interrupts; null if there is none. */
  readonly stoppable: number | null;
  /** Command that resumes the run. */
  readonly resume: string;
}

export type RunState = 'starting' | 'running' | 'stopping' | 'interrupted' | 'finished' | 'unreadable';

export interface About {
  readonly method: string;
  readonly dataset: string;
  readonly model: string;
  readonly seed: number;
  /** Null until the data are loaded; so are the parameters. */
  readonly device: string | null;
  readonly parameters: number | null;
}

export interface SettingView {
  /** Name with its sections, such as `dspTt.rho1.max`. */
  readonly name: string;
  /** Value as YAML on one line. */
  readonly value: string;
  readonly isDefault: boolean;
}

export interface RunProgress {
  readonly steps: number;
  /** Budget in steps; null until the data are loaded. */
  readonly total: number | null;
  /** Speed over the last seconds; after the end, over the whole run. */
  readonly stepsPerSecond: number | null;
  /** Seconds of work in all processes of the run. */
  readonly seconds: number;
  readonly secondsLeft: number | null;
  /** Time of the last write to the journal, in ms since 1970. */
  readonly written: number | null;
}

/** LinePoint (x, y) of a line; y is null where the line has a gap. */
export type LinePoint = readonly [number, number | null];

/** Search of a tier. */
export interface SearchView {
  readonly tier: number;
  readonly iterations: number;
  readonly paths: readonly PathLine[];
}

export interface PathLine {
  readonly name: string;
  /** State of the path: climbing, descending, exited, exhausted ... */
  readonly status: string;
  /** Moving average of the batch losses by iteration, as the exit detector sees it. */
  readonly loss: readonly LinePoint[];
  readonly rho1: readonly LinePoint[];
  readonly exit: ExitView | null;
}

export interface ExitView {
  readonly iteration: number;
  readonly rho1: number;
  readonly loss: number;
  readonly distance: number;
  readonly cosine: number | null;
}

export interface TrainingView {
  readonly network: string;
  readonly steps: number;
  /** True if the network is trained in the current phase. */
  readonly isGoing: boolean;
  /** Moving average of the batch losses by step. */
  readonly loss: readonly LinePoint[];
  /** Loss on the validation split by step, where it was measured on the way. */
  readonly validation: readonly LinePoint[];
  /** Learning rate by step. */
  readonly lr: readonly LinePoint[];
}

export interface Measures {
  readonly trainLoss: number | null;
  readonly validationErrorPct: number | null;
  readonly validationLoss: number | null;
  readonly validationRmse: number | null;
  readonly testErrorPct: number | null;
  readonly testLoss: number | null;
  readonly testRmse: number | null;
}

export interface MemberView extends Measures {
  readonly name: string;
  readonly state: string;
  /** Moving average of the batch losses in training; null once the run has finished and final losses exist. */
  readonly batchLoss: number | null;
  readonly barrierToParent: number | null;
}

export interface EnsembleView extends Omit<Measures, 'trainLoss'> {
  readonly name: string;
  /** Number of networks in the ensemble so far. */
  readonly members: number;
  /** True if the ensemble is the method's result. */
  readonly isResult: boolean;
}

/** Entry of the list of runs. */
export interface RunSummary {
  readonly name: string;
  readonly state: RunState;
  readonly method: string | null;
  readonly dataset: string | null;
  readonly seed: number | null;
  readonly steps: number | null;
  readonly total: number | null;
  /** Number of members of the method's result, whose error and loss follow. */
  readonly members: number | null;
  readonly testErrorPct: number | null;
  readonly testLoss: number | null;
  readonly problem: string | null;
}

/** List of the runs of a folder. */
export interface RunList {
  /** Path of the folder. */
  readonly title: string;
  readonly runs: readonly RunSummary[];
}
