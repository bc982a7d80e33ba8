import type { SearchCurve } from '../../../curves/curve';
import { naturally } from '../../../natural-order';
import { searchTrace } from '../../../trust-tech/names';
import { lossCurvesFigure } from '../../figures/loss-curves';
import { networksOf } from '../../figures/networks';
import { fittedWords } from '../../fitted-words';
import type { NetworkView } from '../../run-view';
import type { Block, Section, Spark } from '../section';

/** Loss and rho1 along every search path, exits marked (figures 2 and 3a of the paper). */
export const search: Section<NetworkView> = {
  id: 'search',
  title: 'The search',
  blocks: ({ curves, result }) => [
    ...(result?.searches ?? []).map((fitted): Block => ({ kind: 'text', text: sentence(fittedWords(fitted)) })),
    ...curves.searches.filter(({ path }) => path.length > 0).map((data) => searchBlock(data, networksOf(curves))),
  ],
};

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function searchBlock(data: SearchCurve, networks: readonly string[]): Block {
  const paths = new Set(data.path).size;
  const title = `Tier ${data.tier}: ${data.exits.length} of ${paths} paths passed an exit point within ${data.path.length} iterations`;
  const figure = lossCurvesFigure(searchTrace(data.tier), title, data, networks);
  return { kind: 'figure', figure, sparks: sparksOf(figure.numbers[0].columns) };
}

/** Returns the averaged loss of each path, taken from the columns of its figure. */
function sparksOf({ path, average }: Readonly<Record<string, ArrayLike<number | string | null>>>): Spark[] {
  const byPath = new Map<string, number[]>();
  for (const [i, name] of Array.from(path).entries()) {
    byPath.set(String(name), [...(byPath.get(String(name)) ?? []), Number(average[i])]);
  }
  return [...byPath].map(([label, values]) => ({ label, values })).sort((a, b) => naturally(a.label, b.label));
}
