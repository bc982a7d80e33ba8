import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DIRECTIONS } from '../closed-form/directions';
import { METRICS } from '../closed-form/flow-space';
import { type AnalyticConfig, analyticSchema } from '../config/closed-form';
import { DataError } from '../errors';
import { RESTORE, readJson } from './disk/json-file';
import { mustBeKnown } from './known-schema';

const count = z.int().nonnegative();
const point = z.array(z.number());

const exit = z.strictObject({
  x: point,
  value: z.number(),
  path: z.string(),
  rho1: z.number(),
  distance: z.number(),
  cosine: z.number(),
});

const optimum = z.strictObject({
  x: point,
  value: z.number(),
  tier: count,
  /** Index of the optimum from which this one was first reached; `exit` is the exit point on the way. */
  parent: count.nullable(),
  exit: exit.nullable(),
});

const paths = z.strictObject({
  searched: count,
  exhausted: count,
  leftBox: count,
  lost: count,
  new: count,
  known: count,
  origin: count,
  outside: count,
});

/**
 * result.json of a run on a closed-form objective. Everything that differs between two runs of one seed lies under
 * `timings`.
 */
export const optimaSchema = z.strictObject({
  schema: z.literal(1),
  /** Distinguishes this file from the result of a network run, which has no such key. */
  kind: z.literal('optima'),
  method: z.string(),
  preset: z.string().nullable(),
  objective: z.strictObject({ name: z.string(), dims: count, lower: point, upper: point }),
  seed: count,
  direction: z.enum(DIRECTIONS),
  metric: z.enum(METRICS),
  /** Two points are different optima if they differ by more than this fraction of the box's width on an axis. */
  mergeTolerance: z.number(),
  start: point,
  /** Optima in the order of their discovery. */
  optima: z.array(optimum),
  /** Pairs of optima (indices) joined by an exit point. */
  edges: z.array(z.strictObject({ from: count, to: count, exit })),
  paths,
  stopped: z.enum(['noneNew', 'maxTiers', 'maxOptima']),
  evaluations: z.strictObject({ objective: count, gradient: count, hessian: count }),
  /** Known minima of the objective in the box, and how many of them were found; `complete`: the box has no others. */
  known: z.strictObject({ minima: count, found: count, complete: z.boolean() }),
  versions: z.record(z.string(), z.string()),
  timings: z.strictObject({ wallSeconds: z.number() }),
});

/** result.json of a run on a closed-form objective. */
export type OptimaResult = z.infer<typeof optimaSchema>;

/**
 * Reads the result of a finished run on a closed-form objective.
 * @throws DataError if there is no result, or if it is damaged
 */
export async function readOptima(path: string): Promise<OptimaResult> {
  const file = join(path, 'result.json');
  if (!existsSync(file)) throw new DataError(`${path} holds no finished run: it has no result.json`);
  const raw = await readJson(file, 'restore it, or make the run again');
  mustBeKnown(file, raw);
  const checked = optimaSchema.safeParse(raw);
  if (checked.success) return checked.data;
  throw new DataError(`${file} is not a result of a closed-form objective: ${checked.error.issues[0].message}`);
}

/**
 * Reads the configuration of a run on a closed-form objective.
 * @throws DataError if the configuration is missing or damaged
 */
export async function readAnalyticConfig(path: string): Promise<AnalyticConfig> {
  const file = join(path, 'config.json');
  const checked = analyticSchema.safeParse(await readJson(file, RESTORE));
  if (checked.success) return checked.data;
  throw new DataError(`${file} is not a configuration of this version: ${checked.error.issues[0].message}`);
}

/**
 * Reports whether a folder holds a run on a closed-form objective.
 * @throws DataError if the folder holds no run
 */
export async function isOptimaRun(path: string): Promise<boolean> {
  return z
    .object({ objective: z.unknown().refine((value) => value !== undefined) })
    .safeParse(await readJson(join(path, 'config.json'), RESTORE)).success;
}
