import { EVALUATION, OPENING } from '../trust-tech/names';

/** Measures the seconds of each phase of a run, and the steps per second outside of opening and evaluation. */
export class Stopwatch {
  readonly #clock: () => number;
  readonly #phases: { phase: string; start: number }[] = [];
  #steps = 0;

  /** @param clock seconds that the run has taken, in all its processes */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Starts a phase, and ends the one before. */
  phase(phase: string): void {
    this.#phases.push({ phase, start: this.#clock() });
  }

  /** Adds finished training or search steps. */
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
