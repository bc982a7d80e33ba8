import type { OptimaResult } from '../store/optima';
import { fixed, steps } from './format';
import { type TextTable, terminalTable } from './render';

/** Renders the optima of a run for a terminal. */
export function optimaTable(result: OptimaResult): string {
  return terminalTable(optimaRows(result));
}

/** Renders the tier graph for a terminal. */
export function tierGraphTable(result: OptimaResult): string {
  return terminalTable(tierGraphRows(result));
}

/** Lists the optima of a run with their coordinates and the exit point through which each was first reached. */
export function optimaRows({ optima }: OptimaResult): TextTable {
  return {
    head: ['optimum', 'x', 'value', 'tier', 'from', 'exit point', 'value there'],
    texts: 2,
    rows: optima.map(({ x, value, tier, parent, exit }, k) => [
      `${k}`,
      place(x),
      fixed(value, 6),
      `${tier}`,
      parent === null ? '-' : `${parent}`,
      exit === null ? '-' : place(exit.x),
      fixed(exit?.value, 4),
    ]),
  };
}

/** Lists the tier graph: pairs of optima joined by paths, and the lowest exit point of each pair. */
export function tierGraphRows({ edges }: OptimaResult): TextTable {
  const pairs = new Map<string, OptimaResult['edges']>();
  for (const edge of edges) {
    const pair = [Math.min(edge.from, edge.to), Math.max(edge.from, edge.to)].join(' - ');
    pairs.set(pair, [...(pairs.get(pair) ?? []), edge]);
  }
  return {
    head: ['joined', 'paths', 'lowest exit point', 'value there'],
    texts: 1,
    rows: [...pairs].map(([pair, joining]) => {
      const { exit } = joining.reduce((a, b) => (b.exit.value < a.exit.value ? b : a));
      return [pair, `${joining.length}`, place(exit.x), fixed(exit.value, 4)];
    }),
  };
}

/** Summarises the optima found, the paths and the evaluations spent, in a few lines. */
export function optimaSummary(result: OptimaResult): string {
  const { objective, optima, paths, evaluations, direction } = result;
  const tiers = Math.max(...optima.map(({ tier }) => tier));
  const found = `${optima.length} ${optima.length === 1 ? 'optimum' : 'optima'} of ${objective.name} in ${objective.dims} dimensions, tiers 0 to ${tiers}${knownWords(result)}.`;
  const ends =
    `${steps(paths.searched)} ${direction} paths: ${paths.new} to a new optimum, ${paths.known} to a known one, ` +
    `${paths.origin} back, ${paths.outside} to one outside of the box, ${paths.leftBox} left the box, ` +
    `${paths.exhausted} without an exit, ${paths.lost} came to no rest.`;
  const cost = `Evaluations: ${steps(evaluations.objective)} of the objective, ${steps(evaluations.gradient)} of the gradient, ${steps(evaluations.hessian)} of the Hessian.`;
  return [found, ends, cost, ...stopWords(result)].join('\n');
}

function knownWords({ known }: OptimaResult): string {
  if (known.minima === 0) return '';
  return `; ${known.found} of the ${known.minima} known beforehand${known.complete ? '' : ' (it may have others)'}`;
}

function stopWords({ stopped, optima }: OptimaResult): string[] {
  if (stopped === 'noneNew') return [];
  const limit = stopped === 'maxTiers' ? 'maxTiers' : `maxOptima (${optima.length} found)`;
  return [`The search ended at ${limit}: there may be more.`];
}

function place(x: readonly number[]): string {
  return `(${x.map((xi) => fixed(xi, 4)).join(', ')})`;
}
