import { UsageError } from '../errors';

/** Kinds of trackers. */
export const TRACKERS = ['tensorboard', 'mlflow'] as const;

/** A tracker and its place: a directory (TensorBoard) or the address of a server (MLflow). */
export interface TrackerTarget {
  readonly kind: (typeof TRACKERS)[number];
  readonly place: string;
}

/**
 * Parses trackers as a command line states them: `tensorboard:DIR,mlflow:URI`.
 * @throws UsageError on anything else
 */
export function trackerTargets(text: string): TrackerTarget[] {
  return text.split(',').map((part) => {
    const [, name, place] = /^\s*(\w+):(.+?)\s*$/.exec(part) ?? [];
    const kind = TRACKERS.find((known) => known === name);
    if (kind !== undefined) return { kind, place };
    throw new UsageError(`a tracker is tensorboard:DIR or mlflow:URI, got '${part}'.`);
  });
}
