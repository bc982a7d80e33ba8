import { combine, type Outputs, type Targets } from './combine';
import { fitTemperature, lossAtTemperature } from './temperature';

/** Outputs of networks for one split, with the true classes. */
export interface Predictions {
  readonly outputs: readonly Outputs[];
  readonly targets: Targets;
}

/**
 * Returns the calibrated test losses of deep ensembles of 1, 2, ... n independent networks: for each size the mean over
 * the ensembles of neighbours (members i, i+1, ..., in a ring), each with its own temperature, fitted on validation
 * data.
 */
export function deepEnsembleCurve(validation: Predictions, test: Predictions): number[] {
  const networks = test.outputs.length;
  const ring = [...Array(networks).keys()];
  return ring.map((index) => {
    const size = index + 1;
    const starts = size === networks ? [0] : ring; // the whole ring is a single ensemble
    const losses = starts.map((start) => {
      const chosen = ring.slice(0, size).map((step) => (start + step) % networks);
      return calibratedLoss(pick(validation, chosen), pick(test, chosen));
    });
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  });
}

/**
 * Number of independent networks with the same calibrated loss, interpolated; `fewer` than the first size of the curve,
 * or `more` than its last.
 */
export interface Equivalent {
  readonly networks: number;
  readonly relation: 'equal' | 'fewer' | 'more';
}

/**
 * Returns the deep-ensemble equivalent (Ashukha et al. 2020): the smallest number of independent networks with a
 * calibrated loss as low as `loss`, the curve of `deepEnsembleCurve` being linear between sizes. A loss above a single
 * network's counts as `fewer` than 1 (the authors: 1); one that the curve never reaches is not extrapolated.
 */
export function deepEnsembleEquivalent(curve: readonly number[], loss: number): Equivalent {
  if (loss > curve[0]) return { networks: 1, relation: 'fewer' };
  const reached = curve.findIndex((value) => value <= loss);
  if (reached < 0) return { networks: curve.length, relation: 'more' };
  if (reached === 0) return { networks: 1, relation: 'equal' };
  const [above, below] = [curve[reached - 1], curve[reached]];
  return { networks: reached + (above - loss) / (above - below), relation: 'equal' };
}

function pick({ outputs, targets }: Predictions, chosen: readonly number[]): Predictions {
  return { outputs: chosen.map((k) => outputs[k]), targets };
}

function calibratedLoss(validation: Predictions, test: Predictions): number {
  const [fitted, scored] = [validation, test].map(({ outputs, targets }) =>
    combine(outputs, outputs[0].length / targets.length, 'meanSoftmax'),
  );
  return lossAtTemperature(scored, test.targets, fitTemperature(fitted, validation.targets));
}
