import type { PresetSize } from '../config/scale';
import type { Figure } from '../report/figures/figure';
import type { RunEvent } from '../run/events';
import type { Session } from '../run/session/session';

/** Figure or table of the paper that can be reproduced, with its claims. */
export interface Reproduction {
  /** Name on the command line; several reproductions share one if different data need different code. */
  readonly name: string;
  /** One-line description of what the paper shows there. */
  readonly shows: string;
  /** Data sets on which it can be reproduced, the default first; empty if there is no choice. */
  readonly datasets: readonly ReproduceDataset[];
  /** Settings that it takes; others are refused. */
  readonly takes: readonly ReproductionSetting[];
  /** Default scale; null if it has no scales. */
  readonly scale: PresetSize | null;
  /** True if its directory may exist: finished runs in it are reused, and stay when it fails. */
  readonly resumes: boolean;
  readonly make: (request: ReproduceRequest) => Promise<Reproduced>;
}

export type ReproductionSetting = 'dataDir' | 'seed' | 'seeds' | 'quick' | 'architectures' | 'atOnce';

export interface ReproduceRequest {
  readonly seed: number;
  /** Seeds, where the paper shows means; null: the reproduction's default seeds. */
  readonly seeds: readonly number[] | null;
  readonly dataset: ReproduceDataset;
  /** Folder with the data set's files, unless it is built in. */
  readonly dataDir: string | null;
  /** Fewer steps and seeds: a test run, whose numbers do not compare with the paper's. */
  readonly quick: boolean;
  /** PresetSize of the runs; null if the reproduction has no scales. */
  readonly scale: PresetSize | null;
  /** Networks of the paper, by name; null: all that the table has. */
  readonly architectures: readonly string[] | null;
  /** Number of runs at a time. */
  readonly atOnce: number;
  /** Directory for the files, and for runs below it. */
  readonly out: string;
  /** Returns the worker, which is started on the first call. */
  readonly session: () => Promise<Session>;
  /** Starts a further worker on each call; all are closed at the end. */
  readonly startSession: (signal: AbortSignal) => Promise<Session>;
  readonly signal?: AbortSignal | undefined;
  /** Called with the title of each part before it begins; returns the listener of its events, if any. */
  readonly onPart: (title: string) => ((event: RunEvent) => void) | undefined;
}

export const DATASETS = ['digits', 'mnist', 'cifar10', 'cifar100', 'cifar10-sample'] as const;
export type ReproduceDataset = (typeof DATASETS)[number];

export interface Reproduced {
  readonly figures: readonly Figure[];
  /** Other files, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Table for the terminal; empty if the figures show everything. */
  readonly table: string;
  /** The paper's claims with the measurements here, always computed from the data. */
  readonly claims: readonly Claim[];
}

export interface Claim {
  readonly claim: string;
  /** The measurement, in words and numbers. */
  readonly seen: string;
  readonly holds: boolean;
}

/** Returns one sentence: the measurements, and whether they agree with the paper. */
export function verdictOf(claims: readonly Claim[]): string {
  const said = claims.map(
    ({ claim, seen, holds }) => `${seen} (${holds ? 'agrees' : 'does not agree'} with the paper: ${claim})`,
  );
  return `${said.join('; ')}.`;
}
