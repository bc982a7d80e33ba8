export interface CheckpointTimes {
  /** Longest time between two checkpoints, in ms. */
  readonly everyMs: number;
  /** Most epochs between two checkpoints; null: no limit besides the time. */
  readonly everyEpochs: number | null;
  /** Shortest time before a checkpoint at the end of a phase, in ms: less work is not worth one. */
  readonly phaseMs: number;
}

/** Decides when the next checkpoint is due. Its decisions change no result, so that it may read a clock. */
export class CheckpointClock {
  readonly #times: CheckpointTimes;
  #last = performance.now();
  #steps = 0;
  #stepsPerEpoch = Number.POSITIVE_INFINITY;
  #phaseEnded = false;

  constructor(times: CheckpointTimes) {
    this.#times = times;
  }

  /** Starts counting anew, at the beginning of the work and at each checkpoint. */
  restart(): void {
    this.#last = performance.now();
    this.#steps = 0;
    this.#phaseEnded = false;
  }

  /** Sets the number of steps in an epoch, known when the task is open. */
  epochHas(steps: number): void {
    this.#stepsPerEpoch = steps;
  }

  phaseEnds(): void {
    this.#phaseEnded = true;
  }

  /** Adds training or search steps that were sent. */
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
