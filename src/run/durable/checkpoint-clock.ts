export interface CheckpointTimes {
  /** The most time between two checkpoints, in ms. */
  readonly everyMs: number;
  /** The most epochs between two checkpoints; null: as many as there are in that time. */
  readonly everyEpochs: number | null;
  /** The least time between two checkpoints at the ends of phases, in ms: less work than that is not worth one. */
  readonly phaseMs: number;
}

/** Says when the next checkpoint is due. What it says changes no result, so it may look at a clock. */
export class CheckpointClock {
  readonly #times: CheckpointTimes;
  #last = performance.now();
  #steps = 0;
  #stepsPerEpoch = Number.POSITIVE_INFINITY;
  #phaseEnded = false;

  constructor(times: CheckpointTimes) {
    this.#times = times;
  }

  /** A checkpoint was taken, or the work begins. */
  restart(): void {
    this.#last = performance.now();
    this.#steps = 0;
    this.#phaseEnded = false;
  }

  /** The task is open: so many steps make an epoch. */
  epochHas(steps: number): void {
    this.#stepsPerEpoch = steps;
  }

  phaseEnds(): void {
    this.#phaseEnded = true;
  }

  /** So many training or search steps were sent. */
  count(steps: number): void {
    this.#steps += steps;
  }

  isDue(): boolean {
    const { everyMs, everyEpochs, phaseMs } = this.#times;
    const passed = performance.now() - this.#last;
    const isPhaseWorth = this.#phaseEnded && passed >= phaseMs;
    const epochs = this.#steps / this.#stepsPerEpoch;
    return passed >= everyMs || isPhaseWorth || (everyEpochs !== null && epochs >= everyEpochs);
  }
}
