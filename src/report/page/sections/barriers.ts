import type { Result } from '../../../store/result';
import { barriersFigure } from '../../figures/barriers';
import { heatMapFigure } from '../../figures/heat-map';
import { fixed } from '../../format';
import type { NetworkView } from '../../run-view';
import { FLAT } from '../../summary';
import type { Block, Section } from '../section';

/** Loss barriers between networks: evidence that they are different optima. */
export const barriers: Section<NetworkView> = {
  id: 'barriers',
  title: 'Loss barriers',
  blocks: ({ result }) => (result === null ? [] : [...toParents(result), ...betweenAll(result)]),
};

function toParents({ members, barriers }: Result): Block[] {
  const measured = members.flatMap(({ name: network, parent, barrierToParent: barrier }) =>
    parent === null || barrier === null ? [] : [{ network, parent, barrier }],
  );
  if (measured.length === 0) return [];
  const highest = Math.max(...measured.map(({ barrier }) => barrier));
  const every = barriers?.every ?? 1;
  const part = every === 1 ? '' : `, on one in ${every} training samples`;
  const title = `On the way to the network searched from, the training loss rises by ${fixed(highest, 4)} nats at most${part}`;
  return [{ kind: 'figure', figure: barriersFigure('barriers', title, measured, FLAT) }];
}

function betweenAll({ pairs: { names: networks, barrier: matrix } }: Result): Block[] {
  if (matrix === null || networks.length < 2) return [];
  const title = 'Loss barrier between every two networks';
  const map = { name: 'pair-barriers', title, measure: 'barrier (nats)', networks, matrix, digits: 4, reach: FLAT };
  return [{ kind: 'figure', figure: heatMapFigure(map) }];
}
