import { TRAINING_DECAY } from '../curves/curve';
import { finite } from '../store/result';
import type { ExitPoint } from '../trust-tech/exit-point';
import { averaged, NO_VALUES } from '../trust-tech/moving-average';
import type { ExitView, LinePoint, TrainingView } from './live-view';
import { ThinnedLine } from './thinned-line';

/** Averaged loss and learning rate of a network's training by step, and its loss on the validation split. */
export class TrainingLines {
  readonly #loss = new ThinnedLine();
  readonly #lr = new ThinnedLine();
  readonly #validation = new ThinnedLine();
  #average = NO_VALUES;

  add(step: number, loss: number, lr: number): void {
    this.#average = averaged(this.#average, loss, TRAINING_DECAY);
    this.#loss.add(step, this.#average.value);
    this.#lr.add(step, lr);
  }

  validate(step: number, loss: number): void {
    this.#validation.add(step, loss);
  }

  points(): Pick<TrainingView, 'loss' | 'lr' | 'validation'> {
    return { loss: this.#loss.points(), lr: this.#lr.points(), validation: this.#validation.points() };
  }
}

/** Averaged loss and rho1 of a search path by iteration. A new round redraws the path, so the lines break there. */
export class PathLines {
  readonly #decay: number;
  readonly #loss = new ThinnedLine();
  readonly #rho1 = new ThinnedLine();
  #average = NO_VALUES;
  #round: number | null = null;

  /** @param decay weight of the past in the exit detector's moving average */
  constructor(decay: number) {
    this.#decay = decay;
  }

  add(iteration: number, round: number, loss: number, rho1: number): void {
    if (round !== this.#round) {
      this.#loss.gap();
      this.#rho1.gap();
      this.#average = NO_VALUES;
      this.#round = round;
    }
    this.#average = averaged(this.#average, loss, this.#decay);
    this.#loss.add(iteration, this.#average.value);
    this.#rho1.add(iteration, rho1);
  }

  points(): { readonly loss: readonly LinePoint[]; readonly rho1: readonly LinePoint[] } {
    return { loss: this.#loss.points(), rho1: this.#rho1.points() };
  }
}

/** Converts an exit for display in the page. */
export function exitView({ step, rho1, peakLoss, distance, cosine }: MarkedExit): ExitView {
  return { iteration: step, rho1, loss: peakLoss, distance, cosine: cosine && finite(cosine) };
}

type MarkedExit = Pick<ExitPoint, 'step' | 'rho1' | 'peakLoss' | 'distance'> & { readonly cosine: number | null };
