import type { Scale } from '../config/scale';
import type { Figure } from '../report/figures/figure';
import type { RunEvent } from '../run/events';
import type { Session } from '../run/session';

/** A figure or table of the paper, what it claims, and how this program makes its own. */
export interface Reproduction {
  /** What the command line calls it; several have one name where they are made in different ways on different data. */
  readonly name: string;
  /** What the paper shows there. */
  readonly shows: string;
  /** Data sets on which it can be made, the default first; none where there is no choice. */
  readonly datasets: readonly ReproduceDataset[];
  /** Settings that change it: others are refused. */
  readonly takes: readonly Setting[];
  /** The scale where none is asked for; null where there are no scales. */
  readonly scale: Scale | null;
  /** Whether its directory may exist: finished runs in it are used again, and stay when it fails. */
  readonly resumes: boolean;
  readonly make: (request: ReproduceRequest) => Promise<Reproduced>;
}

export type Setting = 'dataDir' | 'seed' | 'seeds' | 'quick' | 'architectures' | 'atOnce';

export interface ReproduceRequest {
  readonly seed: number;
  /** Several seeds, where the paper shows means; null: as many as the reproduction thinks right. */
  readonly seeds: readonly number[] | null;
  readonly dataset: ReproduceDataset;
  /** Folder with the data set's files, where it is not built in. */
  readonly dataDir: string | null;
  /** Fewer steps and seeds: to see that it works, not to compare with the paper. */
  readonly quick: boolean;
  /** How large runs are; the reproduction's own where it has scales and none was asked for. */
  readonly scale: Scale | null;
  /** Networks of the paper, by name; null: all that the table has. */
  readonly architectures: readonly string[] | null;
  /** Runs at a time. */
  readonly atOnce: number;
  /** Directory for the files, and for runs below it. */
  readonly out: string;
  /** The worker, which is started when it is first asked for. */
  readonly session: () => Promise<Session>;
  /** A further worker each time; all are closed at the end. */
  readonly startSession: () => Promise<Session>;
  readonly signal?: AbortSignal | undefined;
  /** Told what begins; answers who listens to it. */
  readonly onPart: (title: string) => ((event: RunEvent) => void) | undefined;
}

export const DATASETS = ['digits', 'mnist', 'cifar10', 'cifar100', 'cifar10-sample'] as const;
export type ReproduceDataset = (typeof DATASETS)[number];

export interface Reproduced {
  readonly figures: readonly Figure[];
  /** Other files, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** A table for the terminal; empty where figures say it all. */
  readonly table: string;
  /** What the paper claims, and what was seen here: always computed from the data. */
  readonly claims: readonly Claim[];
}

export interface Claim {
  readonly claim: string;
  /** What was seen, with its numbers. */
  readonly seen: string;
  readonly holds: boolean;
}

/** One sentence: what was seen, and whether it agrees with the paper. */
export function verdictOf(claims: readonly Claim[]): string {
  const said = claims.map(
    ({ claim, seen, holds }) => `${seen} (${holds ? 'agrees' : 'does not agree'} with the paper: ${claim})`,
  );
  return `${said.join('; ')}.`;
}
