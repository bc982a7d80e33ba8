import type { Config } from '../config/schema';
import { DataError } from '../errors';
import type { Executor } from '../executor/executor';
import { naturally } from '../natural-order';
import { numbersIn, readTrace } from '../store/trace';
import { fitCalibration } from '../trust-tech/auto';
import { directionStream, searchStream, searchTrace, tierName } from '../trust-tech/names';

/** Recorded search of a tier, one entry an iteration. */
export interface RecordedSearch {
  readonly tier: number;
  readonly paths: readonly string[];
  /** Index of the path that moved. */
  readonly path: Int32Array;
  readonly round: Float64Array;
  readonly rho1: Float64Array;
  readonly growth: Float64Array;
  readonly rho2: Float64Array;
  readonly loss: Float64Array;
}

/**
 * Reads the search of a tier from its trace.
 * @throws DataError when the run has no such trace, or it is damaged
 */
export async function readSearch(run: string, tier: number): Promise<RecordedSearch> {
  const trace = await readTrace(run, searchTrace(tier));
  const paths = [...new Set(trace.path)].sort(naturally);
  return {
    tier,
    paths,
    path: Int32Array.from(trace.path, (name) => paths.indexOf(name)),
    round: numbersIn(trace, 'round'),
    rho1: numbersIn(trace, 'rho1'),
    growth: numbersIn(trace, 'growth'),
    rho2: numbersIn(trace, 'rho2'),
    loss: numbersIn(trace, 'loss'),
  };
}

/**
 * Repeats a recorded search from the same origin. Returns, by iteration, the parameters at which the wanted iterations
 * measured their loss.
 * @param wanted iterations, in ascending order
 * @throws DataError when the losses differ from the record: another network, data set, or build of PyTorch
 */
export async function replaySearch(
  executor: Executor,
  config: Config,
  origin: string,
  search: RecordedSearch,
  wanted: readonly number[],
): Promise<ReadonlyMap<number, Float32Array>> {
  const { paths, round } = search;
  const rounds = [...new Set(round)];
  const captured = new Map<number, Float32Array>();
  for (const number of rounds) {
    const [from, to] = [round.indexOf(number), round.lastIndexOf(number) + 1];
    const moving = [...new Set(search.path.subarray(from, to))];
    const names = moving.map((k) => paths[k]);
    for (const name of names) {
      await executor.newPath(name, origin, directionStream(name, number), config.dspTt.scale);
    }
    const here = wanted.filter((i) => i >= from && i < to);
    const answer = await executor.search({
      paths: names,
      stream: searchStream(tierName(search.tier)),
      start: from,
      path: search.path.slice(from, to).map((k) => moving.indexOf(k)),
      growth: search.growth.subarray(from, to),
      rho2: search.rho2.subarray(from, to),
      solver: fitCalibration(config.dspTt.calibration, config.localSolver),
      capture: here.map((i) => i - from),
    });
    await executor.drop({ paths: names });
    mustAgree(answer.loss, search.loss.subarray(from, to), from);
    for (const [k, parameters] of answer.captured.entries()) captured.set(here[k], Float32Array.from(parameters));
  }
  return captured;
}

/**
 * Largest relative difference of a replayed loss. On one CPU, with one build of PyTorch, losses are bitwise equal; a
 * GPU's may differ by rounding, which a search hardly amplifies.
 */
const ROUNDING = 1e-3;

function mustAgree(loss: ArrayLike<number>, recorded: Float64Array, from: number): void {
  const far = recorded.findIndex((value, i) => Math.abs(value - loss[i]) > ROUNDING * Math.max(1, Math.abs(value)));
  if (far < 0) return;
  throw new DataError(
    `the search cannot be replayed: at iteration ${from + far} its loss is ${loss[far]}, but the run recorded ${recorded[far]}; ` +
      'was the run made with another version, data set or device?',
  );
}
