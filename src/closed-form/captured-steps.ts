import type { SearchedCell } from '../trust-tech/algorithm1';
import type { Floats, SearchSpace } from '../trust-tech/space';

/** Wraps a space so that its search answers contain the position of every step's loss measurement. */
export function capturing(space: SearchSpace): SearchSpace {
  return {
    copyPoint: (point, source) => space.copyPoint(point, source),
    drop: (names) => space.drop(names),
    newPath: (path, origin, stream, scale) => space.newPath(path, origin, stream, scale),
    pointFromPath: (point, path, factor) => space.pointFromPath(point, path, factor),
    search: (program) => space.search({ ...program, capture: [...program.path.keys()] }),
    probe: (point, stream, batches) => space.probe(point, stream, batches),
    distances: (points) => space.distances(points),
    segment: (source, target, positions, stream) => space.segment(source, target, positions, stream),
  };
}

/** One step of a search path. */
export interface CapturedStep {
  /** Iteration of the search, from 0. */
  readonly iteration: number;
  readonly rho1: number;
  readonly growth: number;
  readonly loss: number;
  /** Length of the displacement at which the loss was measured. */
  readonly norm: number;
  /** Position of that measurement: after the growth, before the calibration. */
  readonly x: Floats;
}

/** Returns the steps of path k, in order, of a search in a `capturing` space. */
export function stepsOfPath(cells: readonly SearchedCell[], k: number): CapturedStep[] {
  return cells.flatMap(({ cell, answer }) =>
    [...cell.path.keys()]
      .filter((i) => cell.path[i] === k)
      .map((i) => ({
        iteration: cell.start + i,
        rho1: cell.rho1[i],
        growth: cell.growth[i],
        loss: answer.loss[i],
        norm: answer.norm[i],
        x: answer.captured[i],
      })),
  );
}
