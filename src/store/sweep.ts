import { z } from 'zod';

const count = z.int().nonnegative();
const measured = z.number().nullable();

/** One search of tier 1 at one pace and calibration step (the paper's figure 4); means over the paths that exited. */
const sweepRow = z.strictObject({
  /** Increase of rho1 per iteration, on the scale of five paths. */
  rho1Increment: z.number(),
  /** rho2 as a multiple of the local solver's lr0. */
  rho2TimesLr: z.number(),
  seed: count,
  paths: count,
  /** Numbers of paths that exited and that diverged; the others were exhausted. */
  exits: count,
  diverged: count,
  /** Gradient evaluations of the whole search, including those after each exit until it was detected. */
  searchSteps: count,
  /** Iteration of the tier at which a path's averaged loss had its maximum. */
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

/** One search of a sweep: a cell of the grid with a seed. */
export type SweepRow = z.infer<typeof sweepRow>;
export type Sweep = z.infer<typeof sweepSchema>;
