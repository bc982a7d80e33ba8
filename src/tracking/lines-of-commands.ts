import { type Move, Moves } from '../curves/moves';
import { searchLines, trainingLines } from './curves';
import type { Line } from './lines';

/** Converts the commands of a run in progress to lines, as their answers arrive. */
export class CommandLines {
  readonly #moves: Moves;
  readonly #tell: (line: Line) => void;

  constructor(form: 'ratio' | 'literal', tell: (line: Line) => void) {
    this.#moves = new Moves(form);
    this.#tell = tell;
  }

  /** Takes the commands in order, each with its answer. Never throws, never waits. */
  readonly onCommand = (op: string, args: object, answer: Promise<object>): void => {
    const moved = this.#moves.of(op, args);
    answer.then(
      (given) => moved?.(given).flatMap(linesOf).forEach(this.#tell),
      () => {}, // the run itself reports it
    );
  };
}

function linesOf(move: Move): Line[] {
  if (move.kind === 'search') return searchLines({ ...move, from: move.start });
  const { network, start, lr, loss, validation } = move;
  return trainingLines({ network, step: Array.from(lr, (_, i) => start + i), lr, loss, validation });
}
