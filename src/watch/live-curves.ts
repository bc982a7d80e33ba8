import { type Move, Moves, type Searching, type TrainingMove as TrainingSteps } from '../curves/moves';
import type { RunListener } from '../run/events';
import type { PathView } from '../trust-tech/events';
import type { DrawnCurves } from './curves-of-traces';
import { exitView, PathLines, TrainingLines } from './drawn-lines';
import type { SearchView, TrainingView } from './live-view';

interface Training {
  readonly lines: TrainingLines;
  steps: number;
}

/**
 * Curves of a running run, updated with each command and its answer. The cost of a step does not grow with the number
 * of steps before it.
 */
export class RunLines implements DrawnCurves {
  readonly #moves: Moves;
  /** Weight of the past in the detector's moving average, by tier. */
  readonly #decays = new Map<number, number>();
  readonly #paths = new Map<string, PathLines>();
  readonly #views = new Map<string, PathView>();
  readonly #searches = new Map<number, { iterations: number; readonly paths: readonly string[] }>();
  readonly #trainings = new Map<string, Training>();
  /** Networks trained in the current phase. */
  readonly #going = new Set<string>();
  /** Chain that processes answers in the order of their commands. */
  #turn: Promise<void> = Promise.resolve();

  constructor({ form }: { readonly form: 'ratio' | 'literal' }) {
    this.#moves = new Moves(form);
  }

  readonly onCommand: RunListener['onCommand'] = (op, args, answer) => {
    const moved = this.#moves.of(op, args);
    this.#turn = this.#turn.then(async () => {
      try {
        const given = await answer;
        for (const move of moved?.(given) ?? []) this.#take(move);
      } catch {
        // the run ends here: the caller of the command gets the error
      }
    });
  };

  /** Notes the start of a phase: training of the networks of the phase before is over. */
  onPhase(): void {
    this.#turn = this.#turn.then(() => this.#going.clear());
  }

  /** Notes the settings of a tier's search, before its first step. */
  onFitted(tier: number, decay: number): void {
    this.#decays.set(tier, decay);
  }

  /** Resolves when all answers so far have been processed. */
  settled(): Promise<void> {
    return this.#turn;
  }

  /** Updates the state of each path. */
  onPaths(paths: readonly PathView[]): void {
    for (const path of paths) this.#views.set(path.path, path);
  }

  searches(): SearchView[] {
    return [...this.#searches].map(([tier, { iterations, paths }]) => ({
      tier,
      iterations,
      paths: paths.map((name) => this.#lineOf(name)),
    }));
  }

  trainings(): TrainingView[] {
    return [...this.#trainings].map(([network, { lines, steps }]) => {
      return { network, steps, isGoing: this.#going.has(network), ...lines.points() };
    });
  }

  #take(move: Move): void {
    if (move.kind === 'training') this.#train(move);
    else this.#search(move);
  }

  #train({ network, start, loss, lr, validation }: TrainingSteps): void {
    const fresh = { lines: new TrainingLines(), steps: 0 };
    const training = this.#trainings.get(network) ?? fresh;
    this.#trainings.set(network, training);
    this.#going.add(network);
    for (const [i, value] of loss.entries()) training.lines.add(start + i, value, lr[i]);
    for (const point of validation) training.lines.validate(point.step, point.loss);
    training.steps = start + loss.length;
  }

  #search({ tier, paths, start, path, round, rho1, loss }: Searching): void {
    this.#searches.set(tier, { paths, iterations: start + loss.length });
    for (const [i, name] of path.entries()) {
      const lines = this.#paths.get(name) ?? new PathLines(this.#decays.get(tier) ?? 0);
      this.#paths.set(name, lines);
      lines.add(start + i, round[i], loss[i], rho1[i]);
    }
  }

  #lineOf(name: string): SearchView['paths'][number] {
    const { exit, status = 'searching' } = this.#views.get(name) ?? { exit: null };
    const { loss, rho1 } = this.#paths.get(name)?.points() ?? { loss: [], rho1: [] };
    return { name, status, loss, rho1, exit: exit && exitView(exit) };
  }
}
