/** What the page is told of a run: plain data, sent as JSON. This file imports nothing, as the browser's code reads it too. */
export interface LiveView {
  readonly name: string;
  readonly state: RunState;
  /** Nothing more comes. */
  readonly isComplete: boolean;
  /** What is wrong with the directory, where it cannot be read as a run. */
  readonly problem: string | null;
  /** What cannot be shown, and why. */
  readonly note: string | null;
  readonly about: About | null;
  /** What the run does now, and how many steps of it are done; 0 steps in all where it has none. */
  readonly phase: { readonly name: string; readonly done: number; readonly total: number } | null;
  readonly progress: Progress;
  readonly searches: readonly SearchView[];
  readonly trainings: readonly TrainingView[];
  /** Networks: as far as they are measured, in the end as result.json has them. */
  readonly members: readonly MemberView[];
  /** Of the networks whose outputs are there, in the end as result.json has them. */
  readonly ensembles: readonly EnsembleView[];
  /** The process that the stop button interrupts; null where there is none. */
  readonly stoppable: number | null;
  /** The command that goes on with the run. */
  readonly resume: string;
}

export type RunState = 'starting' | 'running' | 'stopping' | 'interrupted' | 'finished' | 'unreadable';

export interface About {
  readonly method: string;
  readonly dataset: string;
  readonly model: string;
  readonly seed: number;
  /** Null until the data are loaded. */
  readonly device: string | null;
  readonly parameters: number | null;
}

export interface Progress {
  readonly steps: number;
  /** Null until the data are loaded. */
  readonly total: number | null;
  /** Of the last seconds; in the end, of the whole run. */
  readonly stepsPerSecond: number | null;
  /** Seconds that the run has taken in all its processes. */
  readonly seconds: number;
  readonly secondsLeft: number | null;
  /** When the journal was last written, in ms since 1970. */
  readonly written: number | null;
}

/** x and y; y is null where a line has a gap. */
export type Point = readonly [number, number | null];

/** A tier's search. */
export interface SearchView {
  readonly tier: number;
  readonly iterations: number;
  readonly paths: readonly PathLine[];
}

export interface PathLine {
  readonly name: string;
  /** climbing, descending, exited, exhausted ... */
  readonly status: string;
  /** Moving average of the batch losses by iteration, as the exit detector sees it. */
  readonly loss: readonly Point[];
  readonly rho1: readonly Point[];
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
  /** Whether it is trained in the present phase. */
  readonly isGoing: boolean;
  /** Moving average of the batch losses by step. */
  readonly loss: readonly Point[];
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
  /** Moving average in training; null once the run has finished, when there is better. */
  readonly batchLoss: number | null;
  readonly barrierToParent: number | null;
}

export interface EnsembleView extends Omit<Measures, 'trainLoss'> {
  readonly name: string;
  /** How many networks are in it, so far. */
  readonly members: number;
  /** Whether it is the method's result. */
  readonly isResult: boolean;
}

/** A line of the list of runs. */
export interface RunSummary {
  readonly name: string;
  readonly state: RunState;
  readonly method: string | null;
  readonly dataset: string | null;
  readonly seed: number | null;
  readonly steps: number | null;
  readonly total: number | null;
  /** Of the method's result. */
  readonly members: number | null;
  readonly testErrorPct: number | null;
  readonly testLoss: number | null;
  readonly problem: string | null;
}

/** All runs of a folder. */
export interface RunList {
  /** The folder. */
  readonly title: string;
  readonly runs: readonly RunSummary[];
}
