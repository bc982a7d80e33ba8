import type { Curves } from '../../curves/curve';
import { naturally } from '../../natural-order';
import { DASHES, PALETTE } from './style';

/** Returns all networks and paths of a run in the order that gives each its colour and pattern, as in the live view. */
export function networksOf({ descents, searches }: Pick<Curves, 'descents' | 'searches'>): string[] {
  const names = [...descents.map(({ network }) => network), ...searches.flatMap(({ path }) => [...new Set(path)])];
  return [...new Set(names)].sort(naturally);
}

/** Wide enough to show a pattern. */
const SWATCH = 600;

/**
 * Returns the encoding of a field with the names of networks by colour and pattern: each has the same in every chart that
 * is given the same networks. The legend stands above the chart, in columns that a narrow page shows too.
 */
export function networkEncoding(
  field: string,
  domain: readonly string[],
  networks: readonly string[] = domain,
  labelLimit = 160,
) {
  const places = domain.map((name) => networks.indexOf(name));
  const legend = {
    title: null,
    orient: 'top' as const,
    columns: 2,
    symbolType: 'stroke',
    symbolOpacity: 1,
    symbolSize: SWATCH,
    labelLimit,
  };
  const name = { field, type: 'nominal' as const, legend };
  return {
    color: { ...name, scale: { domain: [...domain], range: places.map((place) => PALETTE[place % PALETTE.length]) } },
    strokeDash: {
      ...name,
      scale: { domain: [...domain], range: places.map((place) => DASHES[place % DASHES.length]) },
    },
  };
}
