import type { FittedTier } from '../methods/method';
import type { Result } from '../store/result';
import { counted } from './format';

type Fitted = FittedTier | NonNullable<Result['searches']>[number];

/** Says how a tier's search was set by the program (`auto`), and why. */
export function fittedWords({ tier, rho1, rho2TimesLr, detector, decideEvery, lag }: Fitted): string {
  const { decay, minRise, buffer } = detector;
  return [
    `search ${tier} is fitted to its share: rho1 grows by ${rho1.increment} to ${rho1.max}`,
    `a calibration step is ${rho2TimesLr} of lr0`,
    `losses are averaged with decay ${decay}, and a rise above ${minRise} counts, which the scatter of batches does not reach`,
    `a path descends after ${buffer} steps without a maximum, decided every ${decideEvery} iterations, ${counted(lag, 'cell')} late`,
  ].join('; ');
}
