import { DataError } from '../errors';
import type { Origin } from '../executor/origin';
import type { Result } from '../store/result';
import { changedSince } from './durable/origin';

/** Returns what a finished run was made of, as its result says. */
export function originOf({ samplesSha256, network, lossCode }: Result): Origin {
  return { samplesSha256, code: network?.code, lossCode, weightsSha256: network?.weightsSha256 };
}

/** Checks that a task is made of what a finished run was made of. @throws DataError that names what has changed */
export function mustBeOf(result: Result, now: Origin): void {
  const change = changedSince(originOf(result), now);
  if (change !== null) throw new DataError(`${change} since the run was made: restore what was there`);
}
