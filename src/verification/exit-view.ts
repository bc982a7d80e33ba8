import { namedStream, normals } from '../trust-tech/streams';
import { Flows } from './flows';
import type { SidedPoint } from './path-points';
import { type Plane, planeThrough, project } from './projection';

/** Coordinates of a point on the two directions of a projection. */
export type Projected = readonly [x: number, y: number];

/** Trajectories of the gradient system from points around an exit point, projected on two orthogonal directions. */
export interface ExitVerification {
  readonly points: readonly {
    readonly side: 'before' | 'after';
    /** Steps of the path from the exit point, negative before it. */
    readonly offset: number;
    readonly trajectory: readonly Projected[];
    readonly end: Projected;
  }[];
  readonly path: readonly Projected[];
  readonly exit: Projected;
  /** Labels of the axes, which describe the two directions. */
  readonly labels: readonly [x: string, y: string];
}

/**
 * Projects the path and the flows from its points on a plane. With random directions, the origin's own end is in its
 * middle; the other plane holds the two nearest ends and the exit point.
 */
export function exitViewOf(
  flows: Flows,
  seed: number,
  samples: readonly SidedPoint[],
  {
    nearest,
    projection,
  }: { readonly nearest: readonly [SidedPoint, SidedPoint]; readonly projection: 'random' | 'plane' },
): ExitVerification {
  const positions = (iteration: number) => flows.ends.get(iteration)?.positions ?? [];
  const endOf = (iteration: number) => positions(iteration)[positions(iteration).length - 1];
  const exit = flows.parameters(flows.member.exit.step);
  const middle = endOf(Flows.ORIGIN);
  const draw = namedStream(seed, 'projection');
  const random = () => normals(middle.length, draw).map((value, i) => value + middle[i]);
  const plane: Plane =
    projection === 'random'
      ? planeThrough(middle, random(), random())
      : planeThrough(endOf(nearest[0].iteration), endOf(nearest[1].iteration), exit);
  const shown = (at: Float32Array): Projected => project(at, plane);
  return {
    points: samples.map(({ side, offset, iteration }) => {
      return { side, offset, trajectory: positions(iteration).map(shown), end: shown(endOf(iteration)) };
    }),
    path: [...flows.along.values()].map(shown),
    exit: shown(exit),
    labels:
      projection === 'random'
        ? ['first random direction', 'second random direction']
        : ['from the end before the exit to the end after it', 'across, towards the exit point'],
  };
}
