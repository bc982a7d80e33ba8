import { EVALUATION, OPENING } from '../trust-tech/names';

/** Seconds of each phase of a run, and steps per second while steps are made. */
export class Stopwatch {
  readonly #clock: () => number;
  readonly #phases: { phase: string; start: number }[] = [];
  #steps = 0;

  /** @param clock seconds since the run began, in all the processes that it took */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** A phase begins, and with it the one before ends. */
  phase(phase: string): void {
    this.#phases.push({ phase, start: this.#clock() });
  }

  /** So many training or search steps were made. */
  count(steps: number): void {
    this.#steps += steps;
  }

  timings() {
    const end = this.#clock();
    const phases = this.#phases.map(({ phase, start }, k) => {
      const next = this.#phases[k + 1]?.start ?? end;
      return { phase, seconds: next - start };
    });
    const idle = phases.filter(({ phase }) => phase === OPENING || phase === EVALUATION);
    const stepping = end - idle.reduce((sum, { seconds }) => sum + seconds, 0);
    return { phases, stepsPerSecond: stepping > 0 ? this.#steps / stepping : 0, wallSeconds: end };
  }
}
