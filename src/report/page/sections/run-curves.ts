import type { DescentCurve, SearchCurve } from '../../../curves/curve';
import { TRAINING_DECAY } from '../../../curves/curve';
import { titleOfMethod } from '../../../methods';
import { averaged, type MovingAverage, NO_VALUES } from '../../../trust-tech/moving-average';
import { tierName, tierOfNetwork } from '../../../trust-tech/names';
import { type RunLine, runCurvesFigure } from '../../figures/run-curves';
import { PALETTE } from '../../figures/style';
import type { NetworkView } from '../../run-view';
import type { Together } from '../parts';
import type { Section } from '../section';

/** Training or search of a tier, with the lines of all runs that have one. */
interface Phase {
  readonly name: string;
  readonly title: string;
  readonly x: string;
  /** Place among the phases of a run. */
  readonly order: number;
  readonly lines: RunLine[];
  /** Directories of the runs that have the phase. */
  readonly runs: Set<string>;
}

type PhaseName = Omit<Phase, 'lines' | 'runs'>;

/** Losses of the same phase of several runs over each other. */
export const runCurves: Section<Together> = {
  id: 'curves',
  title: 'Curves of the runs',
  blocks: ({ runs }) => {
    const networks = runs.filter((run) => run.kind === 'network');
    const phases = new Map<string, Phase>();
    for (const run of networks) {
      const label = labelOf(run, networks.length);
      const add = (phase: PhaseName, lines: readonly RunLine[]) => {
        const known = phases.get(phase.name) ?? { ...phase, lines: [], runs: new Set() };
        phases.set(phase.name, known);
        known.lines.push(...lines);
        known.runs.add(run.path);
      };
      for (const descent of run.curves.descents) add(trainingOf(descent.network), [trainingLine(descent, label, run)]);
      for (const search of run.curves.searches) add(searchOf(search.tier), searchLines(search, label, run));
    }
    const shared = [...phases.values()].filter((phase) => phase.runs.size > 1);
    return shared
      .toSorted((a, b) => a.order - b.order)
      .map(({ name, title, x, lines }) => ({ kind: 'figure', figure: runCurvesFigure(name, title, x, lines) }));
  },
};

/** Names a run, or its method if there are more runs than colours. */
function labelOf({ config }: NetworkView, runs: number): string {
  const method = titleOfMethod(config.method);
  return runs > PALETTE.length ? method : `${method}, seed ${config.seed}`;
}

function trainingOf(network: string): PhaseName {
  const tier = tierOfNetwork(network) ?? 0;
  const title = tier === 0 ? 'Training from the start' : `Training of tier ${tier}`;
  return { name: `curves-${tierName(tier)}`, title, x: "step of the network's training", order: 2 * tier };
}

function searchOf(tier: number): PhaseName {
  const name = `curves-search-${tierName(tier)}`;
  return { name, title: `Search of tier ${tier}`, x: "iteration of the tier's search", order: 2 * tier - 1 };
}

function trainingLine({ network, step, loss }: DescentCurve, run: string, { path }: NetworkView): RunLine {
  let average = NO_VALUES;
  const averages = Array.from(loss, (value) => {
    average = averaged(average, value, TRAINING_DECAY);
    return average.value;
  });
  return { run, line: `${path} ${network}`, step: Array.from(step), loss: averages };
}

/** Returns a line for each round of each path, averaged as the exit detector does it. */
function searchLines(search: SearchCurve, run: string, { path: directory }: NetworkView): RunLine[] {
  const { path, round, loss, decay } = search;
  const byRound = new Map<string, { average: MovingAverage; readonly step: number[]; readonly loss: number[] }>();
  for (const [i, name] of path.entries()) {
    const line = `${directory} ${name} ${round[i]}`;
    const known = byRound.get(line) ?? { average: NO_VALUES, step: [], loss: [] };
    byRound.set(line, known);
    known.average = averaged(known.average, loss[i], decay);
    known.step.push(i);
    known.loss.push(known.average.value);
  }
  return [...byRound].map(([line, { step, loss: averages }]) => ({ run, line, step, loss: averages }));
}
