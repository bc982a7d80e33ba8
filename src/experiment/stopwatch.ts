/** Seconds of each phase of a run, and steps per second while steps are made. */
export class Stopwatch {
  readonly #start = performance.now();
  readonly #phases: { phase: string; start: number }[] = [];
  #steps = 0;

  /** A phase begins, and with it the one before ends. */
  phase(phase: string): void {
    this.#phases.push({ phase, start: performance.now() });
  }

  /** So many training or search steps were made. */
  count(steps: number): void {
    this.#steps += steps;
  }

  timings() {
    const end = performance.now();
    const phases = this.#phases.map(({ phase, start }, k) => {
      const next = this.#phases[k + 1]?.start ?? end;
      return { phase, seconds: (next - start) / 1000 };
    });
    const idle = phases.filter(({ phase }) => phase === 'open' || phase === 'evaluation');
    const wallSeconds = (end - this.#start) / 1000;
    const stepping = wallSeconds - idle.reduce((sum, { seconds }) => sum + seconds, 0);
    return { phases, stepsPerSecond: stepping > 0 ? this.#steps / stepping : 0, wallSeconds };
  }
}
