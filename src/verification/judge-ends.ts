/** End of a trajectory of the gradient system that started from a point of a search path. */
export interface End {
  /** Side of the exit point on which the trajectory's start lies on its path. */
  readonly side: 'before' | 'after';
}

/** Verdict on whether an exit point separates two stability regions (section 5.1, figure 3c), with its numbers. */
export interface Verdict {
  /** True if the points before and after the exit come to rest at different optima. */
  readonly different: boolean;
  /** Largest distance between two ends of the same side, over both sides. */
  readonly within: number;
  /** Smallest distance between an end of one side and an end of the other. */
  readonly across: number;
  /** Loss barrier between the two nearest ends of different sides. */
  readonly barrier: number;
}

/** Factor by which `across` must exceed `within`. */
const APART = 10;

/**
 * Returns the two nearest ends of different sides, between which the barrier is to be measured.
 * @param distances Euclidean distances of all ends, [ends, ends]
 * @throws Error when a side has no end: a mistake of the caller
 */
export function nearestAcross(ends: readonly End[], distances: ArrayLike<number>): readonly [number, number] {
  let best: readonly [number, number] | null = null;
  const distance = (a: number, b: number) => distances[a * ends.length + b];
  for (const [a, end] of ends.entries()) {
    for (const [b, other] of ends.entries()) {
      if (end.side !== 'before' || other.side !== 'after') continue;
      if (best === null || distance(a, b) < distance(...best)) best = [a, b];
    }
  }
  if (best === null) throw new Error('an exit is verified by ends of both sides');
  return best;
}

/**
 * Judges the ends of both sides: they are different optima if their distance exceeds ten times the largest distance
 * among the ends of one side, and the segment between them has a barrier.
 * @param distances Euclidean distances of all ends, [ends, ends]
 * @param barrier between the ends that `nearestAcross` names
 * @param rise the height that counts as a barrier
 */
export function judgeEnds(
  ends: readonly End[],
  distances: ArrayLike<number>,
  { barrier, rise }: { readonly barrier: number; readonly rise: number },
): Verdict {
  const [from, to] = nearestAcross(ends, distances);
  const across = distances[from * ends.length + to];
  let within = 0;
  for (const [a, end] of ends.entries()) {
    for (const [b, other] of ends.entries()) {
      if (end.side === other.side) within = Math.max(within, distances[a * ends.length + b]);
    }
  }
  return { different: across > APART * within && barrier >= rise, within, across, barrier };
}

/** Ends count as one optimum if they are at most this part of the distance to the exit point apart. */
const MERGE = 0.02;

/**
 * Names the optima at which points come to rest: A for the first end, B for the next different one, and so on.
 * @param distances Euclidean distances of all ends, [ends, ends]
 * @param scale the distance from the origin to the exit point
 * @returns one letter (or number, after Z) for each end
 */
export function nameOptima(distances: ArrayLike<number>, ends: number, scale: number): string[] {
  const first: number[] = [];
  return Array.from({ length: ends }, (_, end) => {
    let optimum = first.findIndex((other) => distances[end * ends + other] <= MERGE * scale);
    if (optimum < 0) optimum = first.push(end) - 1;
    return optimum < 26 ? String.fromCharCode(65 + optimum) : String(optimum);
  });
}
