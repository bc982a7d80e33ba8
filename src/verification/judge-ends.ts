/** Where the gradient system, started from a point of a search path, came to rest. */
export interface End {
  /** Whether the point lies before or beyond the exit point on its path. */
  readonly side: 'before' | 'after';
}

/** Whether an exit point separates two stability regions (section 5.1, figure 3c), and the numbers that say so. */
export interface Verdict {
  /** The points before and after the exit come to rest at different optima. */
  readonly different: boolean;
  /** Largest distance between two ends of one side, whichever side is wider. */
  readonly within: number;
  /** Smallest distance between an end of one side and one of the other. */
  readonly across: number;
  /** The loss barrier between the two ends nearest to each other across the exit. */
  readonly barrier: number;
}

/** How much farther than the ends of one side lie from each other ends of two sides must lie apart. */
const APART = 10;

/** The two ends of different sides that lie nearest to each other: between them the barrier is to be measured. */
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
 * Judge the ends of both sides: they are different optima when their distance exceeds ten times the largest distance among
 * the ends of one side, and the segment between them has a barrier.
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

/** Ends that lie nearer to each other than this part of the way to the exit point are one optimum. */
const MERGE = 0.02;

/**
 * Name the optima at which points come to rest: A where the first of them does, B the next one that is met, and so on.
 * @param distances Euclidean distances of all ends, [ends, ends]
 * @param scale the distance from the origin to the exit point
 * @returns one letter (or number, after Z) an end
 */
export function nameOptima(distances: ArrayLike<number>, ends: number, scale: number): string[] {
  const first: number[] = [];
  return Array.from({ length: ends }, (_, end) => {
    let optimum = first.findIndex((other) => distances[end * ends + other] <= MERGE * scale);
    if (optimum < 0) optimum = first.push(end) - 1;
    return optimum < 26 ? String.fromCharCode(65 + optimum) : String(optimum);
  });
}
