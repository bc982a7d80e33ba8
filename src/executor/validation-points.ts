import type { Task, ValidationPoint } from './executor';

/** When points are measured: after every N steps, never, or (auto) as seldom as makes them cheap. */
export interface ValidationSpec {
  readonly every: number | 'auto' | 'never';
}

/** Least number of samples in training steps for each sample in validation points: these take 2 % of them at most. */
const STEP_SAMPLES = 50;

/**
 * Returns the number of steps between two validation points; null for no points. Counts alone decide, no clock, so that
 * a resumed run decides the same: `auto` is an epoch at least, and as many steps as keep the points cheap. A training
 * that is shorter has no point.
 */
export function stepsBetweenPoints(
  { every }: ValidationSpec,
  batchSize: number | 'full',
  { samples, stepsPerEpoch }: Pick<Task, 'samples' | 'stepsPerEpoch'>,
): number | null {
  if (every === 'never' || samples.validation === 0) return null;
  if (every !== 'auto') return every;
  const batch = batchSize === 'full' ? samples.train : Math.min(batchSize, samples.train);
  return Math.max(stepsPerEpoch, Math.ceil((STEP_SAMPLES * samples.validation) / batch));
}

/** Adds to the measures of consecutive points their steps. @param before steps of the stream before their training */
export function pointsAfter(
  before: number,
  every: number | null | undefined,
  measures: readonly Omit<ValidationPoint, 'step'>[],
): ValidationPoint[] {
  if (!every) return [];
  const first = Math.floor(before / every) + 1;
  return measures.map((measured, k) => ({ step: (first + k) * every, ...measured }));
}
