import { Progress } from './progress';

/**
 * Displays of runs, each begun by its title: of one after the other, redrawn in place on a terminal; of several at a time, a
 * line a phase, as they would overwrite each other.
 */
export class Displays {
  readonly #only: Progress | null;

  constructor(atOnce: number) {
    this.#only = atOnce > 1 ? null : new Progress(process.stderr);
  }

  begin(title: string): Progress['onEvent'] {
    const display = this.#only ?? new Progress({ write: (text) => process.stderr.write(text) });
    display.begin(title);
    return display.onEvent;
  }

  /** Before anything else prints. */
  done(): void {
    this.#only?.done();
  }
}
