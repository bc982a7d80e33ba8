import { KILL_POINTS, type KillPoint } from '../../../src/store/kill-point';
import { Dice } from '../dice';
import { CASE_NAMES, type Case } from './cases';
import type { Done, Request } from './request';

/** Target of a strike: by SIGKILL, or, for the worker, by SIGSTOP. */
export type Victim = 'worker' | 'node' | 'both' | 'stop';

/**
 * Moment of a strike: some time after the process began, or when the journal has grown by a fraction of its remaining
 * growth.
 */
export type Moment = { readonly by: 'time' | 'growth'; readonly share: number; readonly afterCheckpoint: boolean };

/** A process of a run, and its planned misfortunes. */
export interface Life {
  readonly how: Request['how'];
  readonly window: number;
  /** Steps a message; null: as many as fit its time. */
  readonly chunk: number | null;
  /**
   * Named place in the code at which it dies, and at which of its visits, as a fraction of the visits in a whole run.
   */
  readonly point: { readonly name: KillPoint; readonly share: number } | null;
  readonly strike: { readonly victim: Victim; readonly moment: Moment } | null;
}

export interface Plan {
  readonly case: Case;
  readonly checkpointMs: number;
  readonly lives: readonly Life[];
}

/** Steps a message in a counted life: few, so that there are many moments to die at. */
export const CHUNK = 25;

/** Returns how often a process comes to a named place in a whole run. */
export function timesAt(point: KillPoint, { commits, renames, checkpoints }: Done): number {
  if (point.startsWith('journal.')) return commits;
  if (point.startsWith('checkpoint.')) return checkpoints;
  return point.startsWith('file.') ? renames : 1;
}

/** True for places that are passed while a checkpoint is restored into a worker. */
function isAtRestore(point: KillPoint): boolean {
  return point.startsWith('worker.');
}

/**
 * Returns a round's plan, which depends on the seed and its number alone. Each of ten rounds in a row has another named
 * place and another case; every ten rounds the way in which the place is met changes: alone, in a resume after a kill
 * at a random moment, beside a stopped worker, beside a killed worker.
 */
export function planOf(seed: number, round: number): Plan {
  const dice = new Dice(seed, round);
  const [point, decade] = [KILL_POINTS[round % KILL_POINTS.length], Math.floor(round / KILL_POINTS.length)];
  const [first, ...later] = [alone, resumed, besideStop, besideKill][decade % 4](dice, point);
  const lives: Part[] = [first, ...(dice.below(10) < 3 ? [another(dice)] : []), ...later, {}];
  return {
    case: CASE_NAMES[(round + decade) % CASE_NAMES.length],
    checkpointMs: dice.pick([100, 200, 300]),
    lives: lives.map((part, k) => ({
      how: k === 0 ? 'run' : dice.pick(['resume', 'run-resume'] as const),
      window: 1 + dice.below(6),
      chunk: part.point ? CHUNK : dice.pick([CHUNK, 7, null]),
      point: null,
      strike: null,
      ...part,
    })),
  };
}

type Part = Partial<Pick<Life, 'point' | 'strike'>>;

function alone(dice: Dice, name: KillPoint): Part[] {
  if (isAtRestore(name)) return [strike(dice, 'node', true), { point: { name, share: 0 } }];
  return [{ point: { name, share: dice.below(name.startsWith('file.') ? 100 : 85) / 100 } }]; // the result is the last file
}

function resumed(dice: Dice, name: KillPoint): Part[] {
  const victim = dice.pick(['node', 'both'] as const);
  return [strike(dice, victim, isAtRestore(name)), { point: { name, share: dice.below(15) / 100 } }];
}

/**
 * Plans the loss of a worker, which another one replaces in the same process; that process dies at a restore, or later.
 */
function besideStop(dice: Dice, name: KillPoint): Part[] {
  if (isAtRestore(name)) return [{ ...strike(dice, 'stop', true), point: { name, share: 0 } }];
  return [{ point: { name, share: dice.below(50) / 100 } }, strike(dice, 'stop', false)];
}

function besideKill(dice: Dice, name: KillPoint): Part[] {
  if (isAtRestore(name)) return [{ ...strike(dice, 'worker', true), point: { name, share: 0 } }];
  const moment: Moment = { by: 'growth', share: dice.below(40) / 100, afterCheckpoint: false };
  const late = { name, share: (50 + dice.below(35)) / 100 };
  if (dice.isOneIn(2)) return [{ strike: { victim: 'worker', moment }, point: late }];
  return [{ point: { name, share: dice.below(50) / 100 } }, strike(dice, 'worker', false)];
}

/** Plans one more misfortune of Node, during a resume. */
function another(dice: Dice): Part {
  if (dice.isOneIn(2)) return strike(dice, dice.pick(['node', 'both'] as const), false);
  return { point: { name: dice.pick(KILL_POINTS.filter((name) => !isAtRestore(name))), share: dice.below(15) / 100 } };
}

function strike(dice: Dice, victim: Victim, afterCheckpoint: boolean): Part {
  const share = afterCheckpoint ? dice.below(50) / 100 : dice.below(90) / 100;
  const isInRun = afterCheckpoint || victim === 'stop'; // the wait for a worker that never says hello takes minutes
  const by = isInRun || dice.isOneIn(2) ? 'growth' : 'time';
  return { strike: { victim, moment: { by, share, afterCheckpoint } } };
}
