import { z } from 'zod';
import { CASE_NAMES } from './cases';

/** Task of a process of the harness; it travels as JSON in its arguments. */
export const requestSchema = z.strictObject({
  case: z.enum(CASE_NAMES),
  out: z.string(),
  /** Begin the run, resume it from its directory alone, or resume it by the call that began it. */
  how: z.enum(['run', 'resume', 'run-resume']),
  window: z.int(),
  /** Steps a message; null: as many as fit its time. */
  chunk: z.int().nullable(),
  /** Longest time between two checkpoints, in ms. */
  checkpointMs: z.number(),
  /** Time without a beat after which the worker counts as lost, in ms. */
  lostMs: z.number(),
  /** Place of the worker, as `--on` says it; none: here. */
  on: z.string().optional(),
});
export type Request = z.infer<typeof requestSchema>;

/** Report of a process that ran to its end: how often it came to the places where it could have been killed. */
export const doneSchema = z.strictObject({ commits: z.int(), renames: z.int(), checkpoints: z.int() });
export type Done = z.infer<typeof doneSchema>;
