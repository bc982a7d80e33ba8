import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/schema';
import { DeterminismError } from '../errors';
import type { ValidationPoint } from '../executor/executor';
import { naturally } from '../natural-order';
import { replay } from '../run/replay';
import type { Result } from '../store/result';
import type { NetworkRecord } from '../store/run-record';
import { numbersIn, readTrace } from '../store/trace';
import { AUTO } from '../trust-tech/auto';
import { networkOfTrace, searchTrace, tierOfSearchTrace } from '../trust-tech/names';
import type { Curves, DescentCurve, SearchCurve } from './curve';
import { CurveCollector } from './curve-collector';

/**
 * Reads loss and rho1 at every step of a run: from its traces if it has finished, else by replaying its journal.
 * @throws DataError or JournalError if traces or journal are damaged
 */
export async function curvesOf(record: NetworkRecord): Promise<Curves> {
  if (record.result !== null && tracesIn(record.path).length > 0) return tracesOf(record);
  return replayed(record);
}

async function replayed({ path, config, header }: NetworkRecord): Promise<Curves> {
  if (header === null) return { searches: [], descents: [], note: 'Nothing was trained yet.' };
  const watched = new CurveCollector(config.dspTt);
  try {
    await replay(path, watched);
  } catch (error) {
    if (!(error instanceof DeterminismError)) throw error;
    const note = `This version of dsptt cannot replay its journal, so its losses are not shown: ${error.message}`;
    return { searches: [], descents: [], note };
  }
  return { searches: watched.searches(), descents: watched.descents(), note: null };
}

async function tracesOf(record: NetworkRecord): Promise<Curves> {
  const searches: SearchCurve[] = [];
  const descents: DescentCurve[] = [];
  for (const name of tracesIn(record.path)) {
    const tier = tierOfSearchTrace(name);
    if (tier !== null) searches.push(await searchOf(record, tier));
    else descents.push(await descentOf(record.path, name));
  }
  return { searches, descents: joined(descents), note: null };
}

/** Reads the search of a tier from a finished run's trace. */
export async function searchOf(
  { path, config, result }: Pick<NetworkRecord, 'path' | 'config' | 'result'>,
  tier: number,
): Promise<SearchCurve> {
  const trace = await readTrace(path, searchTrace(tier));
  const members = result?.members.filter((member) => member.tier === tier) ?? [];
  return {
    tier,
    path: trace.path ?? [],
    round: numbersIn(trace, 'round'),
    rho1: numbersIn(trace, 'rho1'),
    loss: numbersIn(trace, 'loss'),
    norm: numbersIn(trace, 'norm'),
    exits: members.flatMap(({ name, exit }) => (exit === null ? [] : [{ path: name, step: exit.step }])),
    decay: decayOf(config.dspTt.detector, result, tier),
  };
}

/** Returns the weight of the past in the detector's moving average, as it is stated or was fitted. */
function decayOf({ decay }: Config['dspTt']['detector'], result: Result | null, tier: number): number {
  if (decay !== AUTO) return decay;
  return result?.searches?.find((search) => search.tier === tier)?.detector.decay ?? 0;
}

async function descentOf(path: string, name: string): Promise<DescentCurve> {
  const trace = await readTrace(path, name);
  const [step, lr, loss] = [numbersIn(trace, 'step'), numbersIn(trace, 'lr'), numbersIn(trace, 'loss')];
  return { network: networkOfTrace(name), step, lr, loss, validation: validationIn(trace, step) };
}

/** Reads the validation points of a trace, which stand in the rows of the steps after which they were measured. */
function validationIn(trace: Awaited<ReturnType<typeof readTrace>>, step: ArrayLike<number>): ValidationPoint[] {
  const { validationLoss = [], validationErrorPct = [] } = trace;
  return validationLoss.flatMap((loss, row) => {
    const error = validationErrorPct[row] ?? '';
    const errorPct = error === '' ? null : Number(error);
    return loss === '' ? [] : [{ step: step[row] + 1, loss: Number(loss), errorPct }];
  });
}

function tracesIn(path: string): string[] {
  const folder = join(path, 'traces');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const names = files.filter((file) => file.endsWith('.csv')).map((file) => file.slice(0, -'.csv'.length));
  return names.sort(naturally);
}

/** Joins a trace that does not begin at step 0 to the one before it, which it continues. */
function joined(descents: readonly DescentCurve[]): DescentCurve[] {
  const whole: DescentCurve[] = [];
  for (const descent of descents) {
    const last = whole.at(-1);
    if (last === undefined || descent.step[0] === 0) whole.push(descent);
    else whole[whole.length - 1] = { network: last.network, ...joinedColumns(last, descent) };
  }
  return whole;
}

function joinedColumns(a: DescentCurve, b: DescentCurve) {
  const both = (one: ArrayLike<number>, other: ArrayLike<number>) => [...Array.from(one), ...Array.from(other)];
  const validation = [...a.validation, ...b.validation];
  return { step: both(a.step, b.step), lr: both(a.lr, b.lr), loss: both(a.loss, b.loss), validation };
}
