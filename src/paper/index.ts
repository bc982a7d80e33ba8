import { UsageError } from '../errors';
import { cifarTables } from './cifar-tables';
import { fig2 } from './fig2';
import { fig3a, fig3b } from './fig3ab';
import { fig3c } from './fig3c';
import { fig4 } from './fig4';
import { memory } from './memory';
import type { Reproduction } from './reproduction';
import { table1 } from './table1';

/**
 * Figures and tables of the paper that can be reproduced, by name. To add one: a file beside this one, and a line here.
 */
export const REPRODUCTIONS: readonly Reproduction[] = [fig2, fig3a, fig3b, fig3c, fig4, table1, ...cifarTables, memory];

/**
 * Finds the reproduction with a name for a data set, by default its first one.
 * @throws UsageError on an unknown name, or a data set for which it has no reproduction
 */
export function findReproduction(name: string, dataset?: string): Reproduction {
  const named = REPRODUCTIONS.filter((reproduction) => reproduction.name === name);
  if (named.length === 0) {
    const known = new Set(REPRODUCTIONS.map((reproduction) => reproduction.name));
    throw new UsageError(`unknown figure '${name}'; known: ${[...known].join(', ')}`);
  }
  if (dataset === undefined) return named[0];
  const found = named.find(({ datasets }) => datasets.some((one) => one === dataset));
  if (found !== undefined) return found;
  const known = named.flatMap(({ datasets }) => datasets);
  if (known.length === 0) throw new UsageError(`${name} takes no --dataset`);
  throw new UsageError(`${name} cannot be reproduced on ${dataset}, only on: ${known.join(', ')}`);
}
