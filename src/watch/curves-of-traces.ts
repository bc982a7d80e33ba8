import { type Curves, curvesOf, type Search } from '../experiment/curves';
import { naturally } from '../natural-order';
import type { MemberResult, Result } from '../store/result';
import { readRun } from '../store/run-record';
import { averaged, NO_VALUES } from '../trust-tech/moving-average';
import type { ExitView, PathLine, SearchView, TrainingView } from './live-view';
import { ThinnedLine, TRAINING_DECAY } from './thinned-line';

/** What a display draws of a run: of one that goes on, or of one that is over. */
export interface DrawnCurves {
  searches(): SearchView[];
  trainings(): TrainingView[];
}

/**
 * The lines of a run that has finished, as it wrote them down at its end: for runs that this version cannot follow.
 * @throws DataError where they are damaged
 */
export async function curvesOfTraces(path: string, result: Result): Promise<DrawnCurves | null> {
  const record = await readRun(path);
  if (record.kind !== 'network') return null;
  const curves = await curvesOf(record);
  if (curves.note !== null) return null; // there are no traces
  const searches = curves.searches.map((search) => searchView(search, result.members));
  const trainings = curves.descents.map(trainingView);
  return { searches: () => searches, trainings: () => trainings };
}

function searchView(search: Search, members: readonly MemberResult[]): SearchView {
  const names = [...new Set(search.path)].sort(naturally);
  const paths = names.map((name) =>
    pathLine(
      search,
      name,
      members.find((member) => member.name === name),
    ),
  );
  return { tier: search.tier, iterations: search.path.length, paths };
}

function pathLine(
  { path, round, loss, rho1, decay }: Search,
  name: string,
  member: MemberResult | undefined,
): PathLine {
  const lines = { loss: new ThinnedLine(), rho1: new ThinnedLine() };
  let average = NO_VALUES;
  let now = 0;
  for (const [i, moved] of path.entries()) {
    if (moved !== name) continue;
    if (round[i] !== now && now > 0) {
      lines.loss.gap();
      lines.rho1.gap();
      average = NO_VALUES;
    }
    now = round[i];
    average = averaged(average, loss[i], decay);
    lines.loss.add(i, average.value);
    lines.rho1.add(i, rho1[i]);
  }
  const exit = exitOf(member);
  const status = exit === null ? (member?.state ?? 'searched') : 'exited';
  return { name, status, exit, loss: lines.loss.points(), rho1: lines.rho1.points() };
}

function exitOf(member: MemberResult | undefined): ExitView | null {
  const exit = member?.exit ?? null;
  if (exit === null) return null;
  const { step, rho1, peakLoss, distance, cosine } = exit;
  return { iteration: step, rho1, loss: peakLoss, distance, cosine };
}

function trainingView({ network, step, loss }: Curves['descents'][number]): TrainingView {
  const line = new ThinnedLine();
  let average = NO_VALUES;
  for (let i = 0; i < loss.length; i += 1) {
    average = averaged(average, loss[i], TRAINING_DECAY);
    line.add(step[i], average.value);
  }
  return { network, steps: loss.length, isGoing: false, loss: line.points() };
}
