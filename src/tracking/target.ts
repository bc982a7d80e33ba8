import { UsageError } from '../errors';

/** The trackers there are. */
export const TRACKERS = ['tensorboard', 'mlflow'] as const;

/** A tracker, and where it is: a directory, or the address of a server. */
export interface TrackerTarget {
  readonly kind: (typeof TRACKERS)[number];
  readonly place: string;
}

/** Trackers as a command line states them: `tensorboard:DIR,mlflow:URI`. @throws UsageError */
export function trackerTargets(text: string): TrackerTarget[] {
  return text.split(',').map((part) => {
    const [, name, place] = /^\s*(\w+):(.+?)\s*$/.exec(part) ?? [];
    const kind = TRACKERS.find((known) => known === name);
    if (kind !== undefined) return { kind, place };
    throw new UsageError(`a tracker is tensorboard:DIR or mlflow:URI, got '${part}'.`);
  });
}
