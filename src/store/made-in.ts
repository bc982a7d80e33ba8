import { relative, resolve } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config/schema';

/** The current folder, at which relative paths of a configuration started, and the run directory: absolute paths. */
export const madeInSchema = z.strictObject({ folder: z.string(), run: z.string() });
export type MadeIn = z.infer<typeof madeInSchema>;

/** Reports whether a configuration names a file, a folder, or a module that may lie in the current folder. */
export function namesPlaces({ dataset, model, trainingLoss }: Config): boolean {
  const places = [dataset.dir, dataset.python, model.python, model.weights, trainingLoss.python];
  return places.some((place) => place !== null);
}

/**
 * Returns the absolute paths at which a path of a run's configuration may lie now: as seen from the run directory, so
 * that both may have moved together; where it was; and as seen from the current folder.
 * @param run the run directory now
 * @param madeIn null for a run of an earlier version
 */
export function placesOf(stated: string, run: string, madeIn: MadeIn | null): string[] {
  const here = resolve(stated);
  if (madeIn === null) return [here];
  const then = resolve(madeIn.folder, stated);
  return [...new Set([resolve(run, relative(madeIn.run, then)), then, here])];
}
