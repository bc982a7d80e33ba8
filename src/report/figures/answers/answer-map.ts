import type { TopLevelSpec } from 'vega-lite';
import type { AnswerMap } from '../../../ensemble/function-space';
import { fixed } from '../../format';
import { lines } from '../../wrap';
import { type Figure, numbersOf } from '../figure';
import { networkEncoding } from '../networks';

/** Networks on the plane in which their answers differ most. */
export interface DrawnMap extends AnswerMap {
  readonly name: string;
  readonly title: string;
  readonly networks: readonly string[];
  /** All networks of the run, in the order of their colours. */
  readonly all: readonly string[];
}

const SIDE = 280;

/** Draws the classical scaling of the networks' Hellinger distances, on two axes of one scale. */
export function answerMapFigure(map: DrawnMap): Figure {
  const { name, title, networks, places, shares } = map;
  const points = networks.map((network, k) => ({ network, x: places[k][0], y: places[k][1] }));
  const share = (k: 0 | 1) => `${fixed(100 * shares[k], 0)} %`;
  return {
    name,
    title,
    description:
      `A map of ${networks.length} networks: the nearer two are, the more alike are their probabilities on the test data. ` +
      `Its axes show ${share(0)} and ${share(1)} of the squared Hellinger distances.`,
    drawing: { grammar: 'vega-lite', spec: specOf(map, points, share) },
    numbers: [numbersOf(name, points)],
  };
}

interface Point {
  readonly network: string;
  readonly x: number;
  readonly y: number;
}

function specOf(
  { title, networks, all }: DrawnMap,
  points: readonly Point[],
  share: (k: 0 | 1) => string,
): TopLevelSpec {
  const reach = 1.1 * Math.max(...points.flatMap(({ x, y }) => [Math.abs(x), Math.abs(y)]));
  const axis = (field: 'x' | 'y', k: 0 | 1) => ({
    field,
    type: 'quantitative' as const,
    title: `${share(k)} of the squared distances`,
    scale: { domain: [-reach, reach], nice: false },
  });
  const [x, y] = [axis('x', 0), axis('y', 1)];
  const color = { ...networkEncoding('network', networks, all).color, legend: null }; // names stand beside the points
  return {
    title: { text: lines(title, 60), subtitle: 'classical scaling of Hellinger distances' },
    width: SIDE,
    height: SIDE,
    data: { values: [...points] },
    layer: [
      { mark: { type: 'point' as const, size: 70, filled: true, opacity: 1 }, encoding: { x, y, color } },
      {
        mark: { type: 'text' as const, dy: -10, fontSize: 10 },
        encoding: { x, y, text: { field: 'network', type: 'nominal' as const } },
      },
    ],
  };
}
