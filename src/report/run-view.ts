import { z } from 'zod';
import type { Curves } from '../curves/curve';
import { curvesOf } from '../curves/read-curves';
import { commandSteps, History } from '../run/durable/history';
import type { CommandRecord, JournalRecord } from '../store/journal/record';
import { type KeptOutputs, readOutputs } from '../store/outputs';
import { type NetworkRecord, type OptimaRecord, readRun } from '../store/run-record';
import { EVALUATION, phaseOfSearchStream } from '../trust-tech/names';

/** All that can be shown of a run on networks, finished or not. */
export interface NetworkView extends NetworkRecord {
  readonly curves: Curves;
  readonly stretches: readonly Stretch[];
  /** What its networks answered, and what was right; null where that was not kept, or not yet. */
  readonly outputs: { readonly validation: KeptOutputs | null; readonly test: KeptOutputs | null };
}

/** A run of either kind, as it stands. */
/** All that can be shown of a run: on networks, or on a closed-form objective. */
export type RunView = NetworkView | OptimaRecord;

/** The commands that train a network, or search a tier. */
export interface Stretch {
  readonly kind: 'training' | 'search' | 'evaluation';
  /** The network that is trained, or the phase of a search. */
  readonly name: string;
  /** Gradient evaluations. */
  readonly steps: number;
  /** Seconds from one answer to the next, over all processes that the run took. */
  readonly seconds: number;
}

/**
 * Read a run for reports and displays. Nothing is changed, and its process may still be at work.
 * @throws DataError when it is no run directory, of a newer version, or damaged; JournalError when its journal is damaged
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

/** What a run's commands did, in the order in which each network or search was begun, with what each took. */
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

/** What a command moves, and by how many steps each; nothing where it makes none. Networks may be trained together. */
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
