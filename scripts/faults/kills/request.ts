import { z } from 'zod';
import { CASE_NAMES } from './cases';

/** What a process of the harness is to do; it travels as JSON in its arguments. */
export const requestSchema = z.strictObject({
  case: z.enum(CASE_NAMES),
  out: z.string(),
  /** Begin the run, go on with it from its directory alone, or by the call that began it. */
  how: z.enum(['run', 'resume', 'run-resume']),
  window: z.int(),
  /** Steps a message; null: as many as fit its time. */
  chunk: z.int().nullable(),
  /** The most time between two checkpoints, in ms. */
  checkpointMs: z.number(),
  /** After so long without a beat the worker is lost, in ms. */
  lostMs: z.number(),
});
export type Request = z.infer<typeof requestSchema>;

/** What a process that ran to its end says: how often it came to the places where it could have been killed. */
export const doneSchema = z.strictObject({ commits: z.int(), renames: z.int(), checkpoints: z.int() });
export type Done = z.infer<typeof doneSchema>;
