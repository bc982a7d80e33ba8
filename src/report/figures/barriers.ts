import type { TopLevelSpec } from 'vega-lite';
import { counted, fixed } from '../format';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { INK, PALETTE } from './style';

/** Loss barrier in nats on the segment from a network to the one that it was searched from. */
export interface Barrier {
  readonly network: string;
  readonly parent: string;
  readonly barrier: number;
}

/** Draws the barriers to the parents as bars. Below `flat`, a rise is no evidence of a second optimum. */
export function barriersFigure(name: string, title: string, barriers: readonly Barrier[], flat: number): Figure {
  return {
    name,
    title,
    description: describe(barriers, flat),
    drawing: { grammar: 'vega-lite', spec: specOf(title, barriers, flat) },
    numbers: [numbersOf(name, barriers)],
  };
}

function specOf(title: string, barriers: readonly Barrier[], flat: number): TopLevelSpec {
  const sort = barriers.map(({ network }) => network);
  const y = { field: 'network', type: 'nominal' as const, title: null, sort, axis: { grid: false } };
  const most = Math.max(flat, ...barriers.map(({ barrier }) => barrier));
  const scale = { domain: [0, 1.1 * most], nice: false };
  const axis = { tickCount: 5 };
  const x = (field: string) => ({ field, type: 'quantitative' as const, title: 'loss barrier (nats)', scale, axis });
  const labelled = barriers.map((one) => ({ ...one, label: fixed(one.barrier, 4) }));
  return {
    title: { text: lines(title, 70), subtitle: `dashed: ${flat} nats; less is no evidence of another optimum` },
    width: 330,
    height: { step: 22 },
    data: { values: labelled },
    layer: [
      { mark: { type: 'bar' as const, height: 13, color: PALETTE[0] }, encoding: { x: x('barrier'), y } },
      {
        mark: { type: 'text' as const, align: 'left' as const, dx: 5, fontSize: 10 },
        encoding: { x: x('barrier'), y, text: { field: 'label' } },
      },
      {
        data: { values: [{ flat }] },
        mark: { type: 'rule' as const, color: INK, strokeDash: [4, 3] },
        encoding: { x: x('flat') },
      },
    ],
  };
}

function describe(barriers: readonly Barrier[], flat: number): string {
  const ordered = barriers.toSorted((a, b) => b.barrier - a.barrier);
  const says = ({ network, parent, barrier }: Barrier) => `${fixed(barrier, 4)} nats (${network} from ${parent})`;
  const above = barriers.filter(({ barrier }) => barrier >= flat).length;
  return (
    `Bars of the highest rise of the training loss on the straight segment from each of ${counted(barriers.length, 'network')} to the one ` +
    `that it was searched from. The highest: ${says(ordered[0])}; ${above} of ${barriers.length} reach ${flat} nats.`
  );
}
