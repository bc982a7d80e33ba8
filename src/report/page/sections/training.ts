import { networksOf } from '../../figures/networks';
import { trainingCurvesFigure } from '../../figures/training-curves';
import type { NetworkView } from '../../run-view';
import type { Section } from '../section';

/** Training loss of every network. */
export const training: Section<NetworkView> = {
  id: 'training',
  title: 'Training',
  blocks: ({ curves }) => {
    const { descents } = curves;
    if (descents.length === 0) return [];
    const what = descents.length === 1 ? 'the network' : `${descents.length} networks`;
    const figure = trainingCurvesFigure('training', `Training loss of ${what}`, descents, networksOf(curves));
    const sparks = descents.map(({ network, loss }) => ({ label: network, values: Array.from(loss) }));
    return [{ kind: 'figure', figure, sparks }];
  },
};
