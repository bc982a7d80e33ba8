import type { ValidationPoint } from '../executor/executor';
import { type Line, scalars } from './lines';

/** Part of a network's training: one entry a step. */
export interface TrainingStretch {
  readonly network: string;
  readonly step: ArrayLike<number>;
  readonly lr: ArrayLike<number>;
  readonly loss: ArrayLike<number>;
  readonly validation: readonly ValidationPoint[];
}

/** Part of a tier's search: one entry an iteration, the first of which is iteration `from`. */
export interface SearchStretch {
  readonly from: number;
  /** Path that moved at each iteration. */
  readonly path: readonly string[];
  readonly rho1: ArrayLike<number>;
  readonly loss: ArrayLike<number>;
  readonly norm: ArrayLike<number>;
}

/** Returns the lines of a training's curves, in the series of its network. */
export function trainingLines({ network, step, lr, loss, validation }: TrainingStretch): Line[] {
  const batches = [scalars(network, 'descent/loss', step, loss), scalars(network, 'descent/lr', step, lr)];
  return [...batches, ...validationLines(network, validation)];
}

function validationLines(network: string, points: readonly ValidationPoint[]): Line[] {
  if (points.length === 0) return [];
  const steps = points.map(({ step }) => step);
  const losses = points.map(({ loss }) => loss);
  const errors = points.flatMap(({ errorPct }) => errorPct ?? []);
  const lines = [scalars(network, 'descent/validationLoss', steps, losses)];
  return errors.length === 0 ? lines : [...lines, scalars(network, 'descent/validationErrorPct', steps, errors)];
}

/**
 * Returns the lines of a search's curves, one series for each path, at the iterations of the tier's search in which it
 * moved.
 */
export function searchLines({ from, path, ...columns }: SearchStretch): Line[] {
  const places = new Map<string, number[]>();
  for (const [i, name] of path.entries()) {
    const own = places.get(name);
    if (own === undefined) places.set(name, [i]);
    else own.push(i);
  }
  return [...places].flatMap(([name, own]) => {
    const steps = own.map((i) => from + i);
    const column = (tag: string, values: ArrayLike<number>) =>
      scalars(
        name,
        `search/${tag}`,
        steps,
        own.map((i) => values[i]),
      );
    return [column('loss', columns.loss), column('rho1', columns.rho1), column('norm', columns.norm)];
  });
}
