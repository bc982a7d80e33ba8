import pc from 'picocolors';
import { fittedWords } from '../report/fitted-words';
import { duration, fixed, steps } from '../report/format';
import { plain } from '../report/printable';
import { messageWidth, wrapped } from '../report/wrap';
import type { RunEvent } from '../run/events';

/** Output stream of the progress display: a terminal is redrawn in place, any other stream gets one line a phase. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REDRAW_MS = 100;

/**
 * Display of runs, one after the other: call `begin` for each, pass it events, and call `done` before anything else
 * prints.
 */
export class ProgressDisplay {
  readonly #stream: ProgressStream;
  #title = '';
  #start = performance.now();
  #phase = 'starting';
  #phaseSteps = 0;
  #phaseTotal = 0;
  #done = 0;
  #total = 0;
  #loss = Number.NaN;
  #search: Extract<RunEvent, { type: 'search' }> | undefined;
  #barriers: { readonly done: number; readonly of: number } | undefined;
  #barriersStart = 0;
  #drawnLines = 0;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  /** Starts the display of another run. */
  begin(title: string): void {
    this.done();
    this.#title = title;
    this.#start = performance.now();
    this.#phase = 'starting';
    this.#phaseSteps = 0;
    this.#phaseTotal = 0;
    this.#done = 0;
    this.#total = 0;
    this.#search = undefined;
    this.#barriers = undefined;
  }

  readonly onEvent = (event: RunEvent): void => {
    if (event.type === 'started') this.#total = event.steps;
    if (event.type === 'search') this.#search = event;
    if (event.type === 'progress') {
      this.#done += event.steps;
      this.#phaseSteps += event.steps;
      this.#loss = event.loss;
    }
    if (event.type === 'stopped') this.#total -= event.training.planned - event.training.steps;
    if (event.type === 'barriers') {
      if (this.#barriers === undefined) this.#barriersStart = performance.now();
      this.#barriers = event;
    }
    if (event.type === 'download') this.#download(event);
    if (event.type === 'notice') this.#say(event.message);
    if (event.type === 'fitted' && event.isAuto) this.#say(fittedWords(event));
    if (event.type === 'phase') {
      this.#phase = event.phase;
      this.#phaseSteps = 0;
      this.#phaseTotal = event.steps;
      this.#search = undefined;
      if (!this.#stream.isTTY) this.#stream.write(`${this.#title}: ${event.phase}${this.#planned(event.steps)}\n`);
    }
    this.#redraw(event.type === 'phase');
  };

  /** Clears the display. */
  done(): void {
    this.#erase();
  }

  #say(message: string): void {
    this.#erase();
    this.#stream.write(`${wrapped(`${this.#title}: ${message}`, messageWidth(this.#stream))}\n`);
  }

  /** Shows a download; a stream that is not a terminal gets one line for every tenth of a file. */
  #download({ file, received, bytes }: Extract<RunEvent, { type: 'download' }>): void {
    const tenths = Math.floor((10 * received) / bytes);
    const phase = `downloading ${file}, ${10 * tenths} % of ${fixed(bytes / 1e6, 0)} MB`;
    if (!this.#stream.isTTY && phase !== this.#phase) this.#stream.write(`${this.#title}: ${phase}\n`);
    this.#phase = phase;
  }

  #planned(count: number): string {
    return count > 0 ? ` (${steps(count)} steps)` : '';
  }

  #redraw(now: boolean): void {
    if (!this.#stream.isTTY || (!now && performance.now() - this.#drawnAt < REDRAW_MS)) return;
    this.#drawnAt = performance.now();
    const width = this.#stream.columns ?? 80;
    const lines = this.#lines().map((line) => plain(line).slice(0, width - 1));
    this.#erase();
    lines[0] = pc.bold(lines[0]);
    this.#stream.write(`${lines.join('\n')}\n`);
    this.#drawnLines = lines.length;
  }

  #erase(): void {
    if (this.#drawnLines > 0) this.#stream.write(`\u001b[${this.#drawnLines}A\u001b[0J`);
    this.#drawnLines = 0;
  }

  /** Time left: of the steps, or of the barriers after them, by the time of those that are done. */
  #left(rate: number): string {
    if (this.#barriers === undefined) {
      return rate > 0 ? duration(Math.max(0, this.#total - this.#done) / rate) : '?';
    }
    const { done, of } = this.#barriers;
    const seconds = (performance.now() - this.#barriersStart) / 1000;
    return done > 0 ? duration((seconds * (of - done)) / done) : '?';
  }

  #measured(): string {
    return this.#barriers === undefined ? '' : `, loss barrier ${this.#barriers.done} of ${this.#barriers.of}`;
  }

  #lines(): string[] {
    const seconds = (performance.now() - this.#start) / 1000;
    const rate = this.#done / seconds;
    const left = this.#left(rate);
    const of =
      this.#phaseTotal > 0 ? `, step ${steps(this.#phaseSteps)} of ${steps(this.#phaseTotal)}` : this.#measured();
    const head = `${this.#title}: ${this.#phase}${of}`;
    const all = `  ${steps(this.#done)} of ${steps(this.#total)} steps, ${fixed(rate, 0)} steps/s, loss ${fixed(this.#loss, 4)}, ${left} left`;
    const paths = this.#search?.paths.map(
      ({ path, status, loss }) => `  ${path.padEnd(10)} ${status.padEnd(11)} loss ${fixed(loss, 4)}`,
    );
    return [head, all, ...(this.#search ? [`  rho1 ${fixed(this.#search.rho1, 3)}`] : []), ...(paths ?? [])];
  }
}

/** Prints the notices that concern the result alone, after a title: with `--quiet` the user still learns what a run left out or did not find. */
export function onlyNotices(title = ''): ProgressDisplay['onEvent'] {
  const before = title === '' ? '' : `${title}: `;
  return (event) => {
    if (event.type === 'notice' && event.concernsResult) process.stderr.write(`${before}${plain(event.message)}\n`);
  };
}

/**
 * Displays for one or several runs at a time. One at a time is redrawn in place on a terminal; several get a line a
 * phase each, as they would overwrite each other.
 */
export class Displays {
  readonly #only: ProgressDisplay | null;

  constructor(atOnce: number) {
    this.#only = atOnce > 1 ? null : new ProgressDisplay(process.stderr);
  }

  begin(title: string): ProgressDisplay['onEvent'] {
    const display = this.#only ?? new ProgressDisplay({ write: (text) => process.stderr.write(text) });
    display.begin(title);
    return display.onEvent;
  }

  /** Clears the display; call it before anything else prints. */
  done(): void {
    this.#only?.done();
  }
}
