import type { Curves, SearchCurve } from '../curves/curve';
import { curvesOf } from '../curves/read-curves';
import { naturally } from '../natural-order';
import type { MemberResult, Result } from '../store/result';
import { readRun } from '../store/run-record';
import { exitView, PathLines, TrainingLines } from './drawn-lines';
import type { SearchView, TrainingView } from './live-view';

/** Curves of a run, running or finished, for a display. */
export interface DrawnCurves {
  searches(): SearchView[];
  trainings(): TrainingView[];
}

/**
 * Reads the curves of a finished run from its trace files, for runs that this version cannot follow.
 * @returns null if there are no traces
 * @throws DataError if the traces are damaged
 */
export async function curvesOfTraces(path: string, result: Result): Promise<DrawnCurves | null> {
  const record = await readRun(path);
  if (record.kind !== 'network') return null;
  const curves = await curvesOf(record);
  if (curves.note !== null) return null; // no traces
  const searches = curves.searches.map((search) => searchView(search, result.members));
  const trainings = curves.descents.map(trainingView);
  return { searches: () => searches, trainings: () => trainings };
}

function searchView(
  { tier, path, round, loss, rho1, decay }: SearchCurve,
  members: readonly MemberResult[],
): SearchView {
  const lines = new Map([...new Set(path)].sort(naturally).map((name) => [name, new PathLines(decay)]));
  for (const [i, name] of path.entries()) lines.get(name)?.add(i, round[i], loss[i], rho1[i]);
  const paths = [...lines].map(([name, line]) => {
    const { exit = null, state = 'searched' } = members.find((member) => member.name === name) ?? {};
    const status = exit === null ? state : 'exited';
    return { name, status, exit: exit && exitView(exit), ...line.points() };
  });
  return { tier, iterations: path.length, paths };
}

function trainingView({ network, step, loss, lr, validation }: Curves['descents'][number]): TrainingView {
  const lines = new TrainingLines();
  for (let i = 0; i < loss.length; i += 1) lines.add(step[i], loss[i], lr[i]);
  for (const point of validation) lines.validate(point.step, point.loss);
  return { network, steps: loss.length, isGoing: false, ...lines.points() };
}
