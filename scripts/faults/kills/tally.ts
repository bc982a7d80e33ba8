import Table from 'cli-table3';
import { KILL_POINTS } from '../../../src/store/kill-point';
import type { Lived } from './life';
import type { Life, Plan, Victim } from './plan';

const VICTIMS: readonly Victim[] = ['worker', 'node', 'both', 'stop'];
const TITLES: Readonly<Record<string, string>> = {
  worker: 'SIGKILL of the worker',
  node: 'SIGKILL of Node',
  both: 'SIGKILL of both',
  stop: 'SIGSTOP of the worker',
  resume: 'during a resume',
};
/**
 * Fraction of the rounds in which each must really have happened: of 200 rounds, 20 for a place, 50 for stops, 50 in a
 * resume.
 */
const LEAST: Readonly<Record<string, number>> = {
  ...Object.fromEntries(VICTIMS.map((victim) => [victim, 1 / 8])),
  ...Object.fromEntries(KILL_POINTS.map((point) => [point, 1 / 10])),
  stop: 1 / 4,
  resume: 1 / 4,
};

/** Counts planned and actual kills, by kind. */
export class Tally {
  readonly #planned = new Map<string, number>();
  readonly #happened = new Map<string, number>();

  /** Counts the plan and the actual course of a process. */
  count(life: Life, lived: Lived, isResume: boolean): void {
    const kinds = kindsOf(life);
    const happened = [lived.struck, lived.isPointHit ? life.point?.name : null].filter(
      (kind) => typeof kind === 'string',
    );
    for (const kind of kinds) add(this.#planned, kind);
    for (const kind of happened) add(this.#happened, kind);
    if (isResume && happened.length > 0) add(this.#happened, 'resume');
  }

  /** Returns the kinds that have not happened often enough in `rounds` rounds. */
  lacking(rounds: number): string[] {
    return Object.entries(LEAST).flatMap(([kind, part]) =>
      this.happened(kind) < Math.floor(part * rounds) ? [kind] : [],
    );
  }

  /** Returns how often a kind has really happened: a victim, a named place, or `resume`. */
  happened(kind: string): number {
    return this.#happened.get(kind) ?? 0;
  }

  get table(): string {
    const table = new Table({ head: ['kind', 'planned', 'happened'], style: { head: [], border: [] } });
    for (const kind of Object.keys(LEAST)) {
      const planned = kind === 'resume' ? '' : (this.#planned.get(kind) ?? 0);
      table.push([TITLES[kind] ?? `killed at ${kind}`, planned, this.happened(kind)]);
    }
    return table.toString();
  }
}

/** True if a plan may bring one of the kinds. */
export function brings({ lives }: Plan, kinds: readonly string[]): boolean {
  return lives.some((life, k) =>
    kindsOf(life).some((kind) => kinds.includes(kind) || (k > 0 && kinds.includes('resume'))),
  );
}

function kindsOf({ strike, point }: Life): string[] {
  return [strike?.victim, point?.name].filter((kind) => kind !== undefined);
}

function add(counts: Map<string, number>, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}
