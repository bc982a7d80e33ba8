import { heatMapFigure } from '../../figures/heat-map';
import type { NetworkView } from '../../run-view';
import type { Section } from '../section';

/** Differences between the networks: in their outputs and in their parameters. */
export const diversity: Section<NetworkView> = {
  id: 'diversity',
  title: 'How different the networks are',
  blocks: ({ result }) => {
    if (result === null || result.pairs.names.length < 2) return [];
    const { names: networks, outputCorrelation, parameterDistance } = result.pairs;
    const correlation = {
      name: 'correlation',
      title: 'Correlation of outputs on the test data',
      measure: 'correlation',
      matrix: outputCorrelation,
      digits: 3,
      reach: 1,
    };
    const distance = {
      name: 'distance',
      title: 'Euclidean distance of parameters',
      measure: 'distance',
      matrix: parameterDistance,
      digits: 2,
      reach: 0,
    };
    return [correlation, distance].map((map) => ({ kind: 'figure', figure: heatMapFigure({ ...map, networks }) }));
  },
};
