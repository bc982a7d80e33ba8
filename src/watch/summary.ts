import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { budgetSteps, datasetName } from '../config/schema';
import { DataError } from '../errors';
import { fromJournal, readJson } from '../store/disk/json-file';
import { holderOf } from '../store/disk/lock';
import { JournalTail } from '../store/journal/tail';
import { mustBeKnown } from '../store/known-schema';
import { isOptimaRun, readAnalyticConfig } from '../store/optima';
import { resultEnsemble, resultSchema } from '../store/result';
import { isFinished, readConfig } from '../store/run-directory';
import { JournalFacts } from './journal-facts';
import type { RunSummary } from './live-view';

const opened = z.object({ stepsPerEpoch: z.int() });

/** Summarises a run for the list of runs. Repeated calls read only what is new. */
export class SummarisedRun {
  readonly #path: string;
  readonly #name: string;
  readonly #tail: JournalTail;
  readonly #facts = new JournalFacts();
  #stepsPerEpoch: number | null = null;
  #final: RunSummary | null = null;

  constructor(path: string, name: string) {
    this.#path = path;
    this.#name = name;
    this.#tail = new JournalTail(path);
  }

  async summary(): Promise<RunSummary> {
    if (this.#final !== null) return this.#final;
    try {
      return await this.#read();
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { ...this.#unknown(), state: 'unreadable', problem };
    }
  }

  async #read(): Promise<RunSummary> {
    const isRunning = holderOf(this.#path) !== null;
    const isWhole = isFinished(this.#path);
    const name = this.#name;
    if (!existsSync(join(this.#path, 'config.json'))) {
      return { ...this.#unknown(), state: isRunning ? 'starting' : 'interrupted' };
    }
    if (await isOptimaRun(this.#path)) {
      const { method, objective, seed } = await readAnalyticConfig(this.#path);
      this.#final = { name, state: 'finished', method, dataset: objective.name, seed, ...NO_STEPS, ...NO_RESULT };
      return this.#final;
    }
    const config = await readConfig(this.#path);
    const { method, seed } = config;
    const about = { name, method, seed, dataset: datasetName(config) };
    if (isWhole) {
      this.#final = { ...about, state: 'finished', ...(await scoresOf(this.#path)) };
      return this.#final;
    }
    for await (const records of this.#tail.read()) {
      this.#facts.add(records);
      const first = records.find((record) => record.kind === 'result' && record.c === 0);
      if (first?.kind === 'result') this.#stepsPerEpoch = opened.safeParse(first.fields).data?.stepsPerEpoch ?? null;
    }
    const total = this.#stepsPerEpoch === null ? null : budgetSteps(config, this.#stepsPerEpoch);
    const state = isRunning ? 'running' : 'interrupted';
    return { ...about, state, steps: this.#facts.steps, total, ...NO_RESULT };
  }

  #unknown(): Omit<RunSummary, 'state'> {
    return { name: this.#name, method: null, dataset: null, seed: null, ...NO_STEPS, ...NO_RESULT };
  }
}

const NO_RESULT = { members: null, testErrorPct: null, testLoss: null, problem: null };
const NO_STEPS = { steps: null, total: null };

/** Reads the scores from result.json, without the files of the networks. */
async function scoresOf(path: string): Promise<Omit<RunSummary, 'name' | 'state' | 'method' | 'dataset' | 'seed'>> {
  const file = join(path, 'result.json');
  const raw = await readJson(file, fromJournal(path));
  mustBeKnown(file, raw);
  const { data: result, error } = resultSchema.safeParse(raw);
  if (result === undefined) throw new DataError(`${file} is not a result of schema 1: ${error.issues[0].message}`);
  const { members, testErrorPct, testLoss } = resultEnsemble(result);
  const { steps } = result.budget;
  return { steps, total: steps, members: members.length, testErrorPct, testLoss, problem: null };
}
