import { UsageError } from '../errors';
import { fig2 } from './fig2';
import { fig3a, fig3b } from './fig3ab';
import { fig3c } from './fig3c';
import { fig4 } from './fig4';
import type { Reproduction } from './reproduction';
import { table1 } from './table1';

/** What of the paper can be made here, by name. To add one: a file beside this one, and a line here. */
export const REPRODUCTIONS: readonly Reproduction[] = [fig2, fig3a, fig3b, fig3c, fig4, table1];

/** @throws UsageError on an unknown name. */
export function findReproduction(name: string): Reproduction {
  const found = REPRODUCTIONS.find((reproduction) => reproduction.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`unknown figure '${name}'; known: ${REPRODUCTIONS.map((known) => known.name).join(', ')}`);
}
