import { z } from 'zod';
import type { Curves } from '../curves/curve';
import { curvesOf } from '../curves/read-curves';
import { commandSteps, History } from '../run/durable/history';
import type { CommandRecord, JournalRecord } from '../store/journal/record';
import { type KeptOutputs, readOutputs } from '../store/outputs';
import { type NetworkRecord, type OptimaRecord, readRun } from '../store/run-record';
import { EVALUATION, phaseOfSearchStream } from '../trust-tech/names';

/** Data for displaying a run on networks, finished or not. */
export interface NetworkView extends NetworkRecord {
  readonly curves: Curves;
  readonly stretches: readonly Stretch[];
  /** Outputs of the networks with the targets; null if they were not kept or the run is unfinished. */
  readonly outputs: { readonly validation: KeptOutputs | null; readonly test: KeptOutputs | null };
}

/** Data for displaying a run of either kind: on networks or on a closed-form objective. */
export type RunView = NetworkView | OptimaRecord;

/** Commands that train one network or search one tier, added up; the evaluation comes last. */
export interface Stretch {
  readonly kind: 'training' | 'search' | 'evaluation';
  /** Trained network, or phase of the search. */
  readonly name: string;
  /** Number of gradient evaluations. */
  readonly steps: number;
  /** Seconds between answers, summed over all processes of the run. */
  readonly seconds: number;
}

/**
 * Reads a run for reports and displays. Changes nothing; the run's process may still be at work.
 * @throws DataError if it is no run directory, of a newer version, or damaged; JournalError if its journal is damaged
 */
export async function viewRun(path: string): Promise<RunView> {
  const record = await readRun(path);
  if (record.kind === 'optima') return record;
  const { result, records } = record;
  const networks = result?.pairs.names ?? [];
  const outputs = {
    validation: result && (await readOutputs(path, 'validation', networks)),
    test: result && (await readOutputs(path, 'test', networks)),
  };
  return { ...record, curves: await curvesOf(record), stretches: stretchesOf(records), outputs };
}

/** Sums steps and seconds of a run's commands by network or search, in the order in which these began. */
export function stretchesOf(records: readonly JournalRecord[]): Stretch[] {
  const history = new History(records);
  const stretches = new Map<string, Stretch>();
  let begun = 0;
  for (let c = 0; c < history.answered; c += 1) {
    const command = history.command(c);
    const moved = command === undefined ? [] : movedBy(command);
    if (moved.length === 0) continue;
    const seconds = (history.secondsAt(c) - begun) / moved.length;
    begun = history.secondsAt(c);
    for (const { name, kind, steps } of moved) {
      const before = stretches.get(name) ?? { kind, name, steps: 0, seconds: 0 };
      stretches.set(name, { ...before, steps: before.steps + steps, seconds: before.seconds + seconds });
    }
  }
  const rest = history.seconds - begun;
  const evaluation = { kind: 'evaluation', name: EVALUATION, steps: 0, seconds: rest } as const;
  return rest > 0 && stretches.size > 0 ? [...stretches.values(), evaluation] : [...stretches.values()];
}

const stackArgs = z.object({ points: z.array(z.string()) });
const pointArgs = z.object({ point: z.string() });
const searchArgs = z.object({ stream: z.string() });

/** Returns the networks or the search that a command moves, with the steps of each; empty if it makes no steps. */
function movedBy(command: CommandRecord): Omit<Stretch, 'seconds'>[] {
  const { op, args } = command;
  const steps = commandSteps(command);
  if (steps === undefined) return [];
  if (op === 'search') {
    return [{ kind: 'search', name: phaseOfSearchStream(searchArgs.parse(args).stream), steps }];
  }
  const points = op === 'descendStack' ? stackArgs.parse(args).points : [pointArgs.parse(args).point];
  return points.map((name) => ({ kind: 'training', name, steps }));
}
