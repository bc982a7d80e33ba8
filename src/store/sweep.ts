import { z } from 'zod';

const count = z.int().nonnegative();
const measured = z.number().nullable();

/** One search of tier 1 at a pace and calibration step (the paper's figure 4); means over the paths that exited. */
const sweepRow = z.strictObject({
  /** By how much rho1 grows per iteration, meant for five paths. */
  rho1Increment: z.number(),
  /** rho2 as a multiple of the local solver's lr0. */
  rho2TimesLr: z.number(),
  seed: count,
  paths: count,
  /** Paths that exited, and that diverged; the others were exhausted. */
  exits: count,
  diverged: count,
  /** Gradient evaluations that the search took in all, with what passed until its exits were known. */
  searchSteps: count,
  /** The tier's iteration at which a path's averaged loss had its maximum. */
  iterations: measured,
  rho1AtExit: measured,
  distanceAtExit: measured,
  cosineAtExit: measured,
});

/** sweep.json, schema 1. */
export const sweepSchema = z.strictObject({
  schema: z.literal(1),
  preset: z.string().nullable(),
  rows: z.array(sweepRow),
});

export type SweepRow = z.infer<typeof sweepRow>;
export type Sweep = z.infer<typeof sweepSchema>;
