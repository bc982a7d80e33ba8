import type { TopLevelSpec } from 'vega-lite';
import { independentDisagreement, isAboveChance, perturbedDisagreement } from '../../../ensemble/function-space';
import { fixed } from '../../format';
import { lines } from '../../wrap';
import { type Figure, numbersOf } from '../figure';
import { networkEncoding } from '../networks';
import { QUIET } from '../style';

/** A network beside the base of its run. */
export interface PlanePoint {
  /** Meaning of its colour: the network, or the method that it belongs to. */
  readonly of: string;
  readonly seed: number;
  readonly network: string;
  readonly accuracyPct: number;
  readonly normalised: number | null;
  readonly disagreementPct: number;
  /** Euclidean distance of its parameters from those of the base; null if it was not measured. */
  readonly distance: number | null;
}

export interface FunctionPlane {
  readonly name: string;
  readonly title: string;
  readonly points: readonly PlanePoint[];
  /** Accuracy of the base, of several the mean, as a share. */
  readonly baseAccuracy: number;
  readonly classes: number;
  /** All names that have a colour, in the order of the colours. */
  readonly names?: readonly string[] | undefined;
}

/** Number of points of a reference curve. */
const CURVE = 60;
const NORMALISED = 'disagreement over errors';
const INDEPENDENT = 'independent answers';
const PERTURBED = 'the base with random answers';

/**
 * Draws networks in function space (Fort 2020): accuracy against disagreement with the base over the network's errors, with
 * the curves of independent and of randomly changed answers; and distance in parameters against disagreement.
 */
export function functionPlaneFigure(plane: FunctionPlane): Figure {
  const { name, title, points } = plane;
  const curves = curvesOf(plane);
  return {
    name,
    title,
    description: describe(plane),
    drawing: { grammar: 'vega-lite', spec: specOf(plane, curves) },
    numbers: [numbersOf(name, points), numbersOf(`${name}-curves`, curves)],
  };
}

interface CurvePoint {
  readonly curve: string;
  readonly accuracyPct: number;
  readonly normalised: number;
}

/** Returns both reference curves over the accuracies of the points, up to that of the base for the lower one. */
function curvesOf({ points, baseAccuracy, classes }: FunctionPlane): CurvePoint[] {
  const accuracies = [...points.map(({ accuracyPct }) => accuracyPct / 100), baseAccuracy];
  const [low, high] = [Math.min(...accuracies), Math.max(...accuracies)];
  const room = Math.max(0.002, 0.05 * (high - low));
  const [from, to] = [Math.max(0, low - room), Math.min(0.9999, high + room)];
  const at = Array.from({ length: CURVE }, (_, k) => from + ((to - from) * k) / (CURVE - 1));
  const curve = (name: string, places: readonly number[], of: typeof independentDisagreement): CurvePoint[] =>
    places.map((a) => ({ curve: name, accuracyPct: 100 * a, normalised: of(a, baseAccuracy, classes) }));
  const worse = [...at.filter((a) => a < baseAccuracy), ...(baseAccuracy < 1 ? [baseAccuracy] : [])];
  const below = isAboveChance(baseAccuracy, classes) ? worse : [];
  return [...curve(INDEPENDENT, at, independentDisagreement), ...curve(PERTURBED, below, perturbedDisagreement)];
}

function specOf({ title, points, names }: FunctionPlane, curves: readonly CurvePoint[]): TopLevelSpec {
  const domain = [...new Set(points.map(({ of }) => of))];
  const legendOfNames = { title: null, orient: 'top' as const, columns: 3, symbolSize: 60, labelLimit: 160 };
  const color = { ...networkEncoding('of', domain, names).color, legend: legendOfNames };
  const shape = { field: 'of', type: 'nominal' as const, scale: { domain }, legend: legendOfNames };
  const dots = { type: 'point' as const, size: 60, filled: true, opacity: 0.85 };
  const quantity = (field: string, heading: string, isFromZero = false) => {
    const scale = isFromZero ? { domainMin: 0, nice: true } : { zero: false, padding: 6 };
    return { field, type: 'quantitative' as const, title: heading, scale };
  };
  const strokeDash = { field: 'curve', type: 'nominal' as const, scale: { domain: [INDEPENDENT, PERTURBED] } };
  const legend = { title: null, orient: 'bottom' as const, direction: 'vertical' as const, symbolType: 'stroke' };
  const x = quantity('accuracyPct', 'test accuracy (%)');
  const y = quantity('normalised', NORMALISED, true);
  const plane = {
    width: 250,
    height: 240,
    layer: [
      {
        data: { values: [...curves] },
        mark: { type: 'line' as const, color: QUIET, strokeWidth: 1.5 },
        encoding: { x, y, strokeDash: { ...strokeDash, legend } },
      },
      {
        data: { values: points.filter(({ normalised }) => normalised !== null) },
        mark: dots,
        encoding: { x, y, color, shape },
      },
    ],
  };
  const measured = points.filter(({ distance }) => distance !== null);
  const distances = {
    width: 250,
    height: 240,
    data: { values: measured },
    mark: dots,
    encoding: {
      x: quantity('distance', 'distance of parameters from the base', true),
      y: quantity('disagreementPct', 'answered otherwise than the base (%)', true),
      color,
      shape,
    },
  };
  return {
    title: { text: lines(title, 80), subtitle: 'left with the curves of two models of difference (Fort 2020)' },
    spacing: 30,
    hconcat: measured.length === 0 ? [plane] : [plane, distances],
  };
}

function describe({ points, baseAccuracy, classes }: FunctionPlane): string {
  const known = points.flatMap(({ normalised }) => normalised ?? []);
  if (known.length === 0) return 'A plane of accuracy and disagreement without a point: no network makes an error.';
  const mean = points.reduce((sum, { accuracyPct }) => sum + accuracyPct, 0) / points.length / 100;
  const reference = mean < 1 ? fixed(independentDisagreement(mean, baseAccuracy, classes), 2) : '-';
  return (
    `Points of ${points.length} networks by accuracy and by disagreement with the base over their errors, which is ` +
    `${fixed(Math.min(...known), 2)} to ${fixed(Math.max(...known), 2)}; independent answers of their mean accuracy would have ${reference}.`
  );
}
