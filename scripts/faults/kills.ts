import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPython } from '../../src/bridge/workers/python';
import { build } from './kills/build';
import { killOnEngine } from './kills/on-engine';
import { type Plan, planOf } from './kills/plan';
import { playRound, type Reference, reference, type Tools } from './kills/round';
import { brings, Tally } from './kills/tally';
import type { FaultOptions } from './options';

const DEFAULT_ROUNDS = 200;
/** Number of rounds in parallel: two processes with a worker each. */
const AT_ONCE = 2;
/** Number of rounds between two lines of progress. */
const PROGRESS = 20;

/**
 * Kills runs at random moments and at named places, again in their resumes, and resumes them until they finish: they
 * must leave the same files as undisturbed runs. From 40 rounds on, further rounds follow until each kind of kill has
 * really happened often enough, half as many rounds at most; then that is a condition too.
 */
export async function run({ rounds = DEFAULT_ROUNDS, seed, firstBlock: first, on }: FaultOptions): Promise<boolean> {
  if (on !== undefined) return killOnEngine(on, rounds, seed);
  const directory = mkdtempSync(join(tmpdir(), 'dk-')); // short: socket paths have a length limit
  let isKept = false;
  try {
    const kills = new Kills(directory, seed);
    const lacking = await playAll(kills, rounds, first, rounds >= 40);
    console.log(kills.tally.table);
    console.log(`${kills.played} rounds, ${kills.played - kills.failures.length} equal`);
    if (lacking.length > 0) console.log(`too few of: ${lacking.join(', ')}`);
    isKept = kills.failures.length > 0;
    if (isKept) console.log(`the directories of the rounds that failed are kept in ${directory}`);
    return kills.failures.length === 0 && lacking.length === 0;
  } finally {
    if (!isKept) rmSync(directory, { recursive: true, force: true });
  }
}

/** @returns the kinds of kills that have not happened often enough; empty in a short run */
async function playAll(kills: Kills, rounds: number, first: number, isLong: boolean): Promise<string[]> {
  await kills.play(Array.from({ length: rounds }, (_, k) => first + k));
  for (let next = first + rounds; isLong && next < first + 1.5 * rounds; next += AT_ONCE) {
    const lacking = kills.tally.lacking(rounds);
    if (lacking.length === 0) break;
    const more = Array.from({ length: AT_ONCE }, (_, k) => next + k);
    await kills.play(more.filter((round) => brings(kills.plan(round), lacking)));
  }
  return isLong ? kills.tally.lacking(rounds) : [];
}

/** Plays rounds in a directory that the caller removes, and counts them. */
export class Kills {
  readonly tally = new Tally();
  /** Failures, one text a round, with the command that plays it again. */
  readonly failures: string[] = [];
  #played = 0;
  readonly #directory: string;
  readonly #seed: number;
  readonly #tools: Tools;
  readonly #references = new Map<Plan['case'], Promise<Reference>>();

  constructor(directory: string, seed: number) {
    this.#directory = directory;
    this.#seed = seed;
    this.#tools = { driver: build(directory), python: findPython() };
  }

  /** Number of rounds so far. */
  get played(): number {
    return this.#played;
  }

  /** Plays some rounds, `AT_ONCE` of them in parallel. */
  async play(rounds: readonly number[]): Promise<void> {
    const left = [...rounds];
    const lane = async () => {
      for (let round = left.shift(); round !== undefined; round = left.shift()) await this.#round(round);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  }

  plan(round: number): Plan {
    return planOf(this.#seed, round);
  }

  async #round(round: number): Promise<void> {
    const plan = this.plan(round);
    const temporary = join(this.#directory, String(round));
    const wrong = await playRound(this.#tools, temporary, plan, await this.#reference(plan.case), this.tally);
    this.#played += 1;
    if (this.#played % PROGRESS === 0) console.log(`${this.#played} rounds, ${this.failures.length} failed`);
    if (wrong.length === 0) {
      rmSync(temporary, { recursive: true });
      return;
    }
    const again = `npm run test:faults -- kills --rounds 1 --seed ${this.#seed} --first-block ${round}`;
    this.failures.push(`round ${round} (${plan.case}): ${wrong.join('; ')}\n  again: ${again}`);
    console.log(this.failures.at(-1));
  }

  #reference(name: Plan['case']): Promise<Reference> {
    const known = this.#references.get(name) ?? reference(this.#tools, join(this.#directory, name), name);
    this.#references.set(name, known);
    return known;
  }
}
