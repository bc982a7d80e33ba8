/**
 * The local optimal solutions (LOSs) that a search has found, tier by tier, and the exit points that join pairs of
 * them. Points closer than the tolerance are one LOS, so a LOS that is found again is not added.
 */
export interface LosGraph {
  readonly box: { readonly lower: readonly number[]; readonly upper: readonly number[] };
  /** Two points are one LOS if they differ by at most this fraction of the box's width on every axis. */
  readonly tolerance: number;
  /** LOSs in the order of their discovery. */
  readonly optima: readonly Los[];
  readonly edges: readonly LosEdge[];
}

export interface Los {
  readonly x: readonly number[];
  readonly value: number;
  /** 0 for the LOS where the search began, else the tier of its parent plus 1. */
  readonly tier: number;
  /** Index of the LOS from which it was first reached. */
  readonly parent: number | null;
  /** The exit point through which it was first reached. */
  readonly exit: LosExit | null;
}

/** Point at which a search path left a stability region: the maximum of its loss. */
export interface LosExit {
  readonly x: readonly number[];
  readonly value: number;
  /** Name of the search path. */
  readonly path: string;
  readonly rho1: number;
  /** Distance from the LOS that the path came from, in units of the box. */
  readonly distance: number;
  /** Cosine between the displacement at that point and the path's first direction. */
  readonly cosine: number;
}

/** Indices of two different LOSs, and the exit point of a path from the first to the second. */
export interface LosEdge {
  readonly from: number;
  readonly to: number;
  readonly exit: LosExit;
}

/** LOS that a path reached: a new one, a known one, the path's own origin, or one outside the box. */
export type Reached = 'new' | 'known' | 'origin' | 'outside';

type Found = Pick<Los, 'x' | 'value'>;

/** Returns the graph of a single LOS, of tier 0. */
export function newGraph(box: LosGraph['box'], tolerance: number, first: Found): LosGraph {
  return { box, tolerance, optima: [{ ...first, tier: 0, parent: null, exit: null }], edges: [] };
}

/** Returns the graph after a path from LOS `from` has led through an exit to a LOS. */
export function reach(
  graph: LosGraph,
  from: number,
  exit: LosExit,
  found: Found,
): { readonly graph: LosGraph; readonly reached: Reached } {
  if (!isInside(graph.box, found.x)) return { graph, reached: 'outside' };
  const known = indexOfLos(graph, found.x);
  if (known === from) return { graph, reached: 'origin' };
  const to = known ?? graph.optima.length;
  const edges = [...graph.edges, { from, to, exit }];
  if (known !== null) return { graph: { ...graph, edges }, reached: 'known' };
  const los = { ...found, tier: graph.optima[from].tier + 1, parent: from, exit };
  return { graph: { ...graph, edges, optima: [...graph.optima, los] }, reached: 'new' };
}

/** Returns the nearest LOS within the tolerance of a point; null if there is none. */
export function indexOfLos({ box, tolerance, optima }: LosGraph, x: readonly number[]): number | null {
  const apart = optima.map((los) => separation(box, los.x, x));
  const nearest = apart.indexOf(Math.min(...apart));
  return apart[nearest] <= tolerance ? nearest : null;
}

/** True if a point lies in the box, its faces included. */
export function isInside({ lower, upper }: LosGraph['box'], x: readonly number[]): boolean {
  return x.every((xi, i) => xi >= lower[i] && xi <= upper[i]);
}

/** Returns the largest difference of two points on an axis, as a fraction of the box's width. */
function separation({ lower, upper }: LosGraph['box'], a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((ai, i) => Math.abs(ai - b[i]) / (upper[i] - lower[i])));
}
