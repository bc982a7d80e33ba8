import type { ValidationPoint } from '../executor/executor';
import type { RunListener } from '../run/events';
import type { PathView } from '../trust-tech/events';
import { searchPhase } from '../trust-tech/names';
import type { DescentCurve, SearchCurve } from './curve';
import { type Move, Moves } from './moves';

/** Collects a run's curves while its journal is replayed. */
export class CurveCollector implements RunListener {
  readonly #moves: Moves;
  /** Weight of the past in the detector's moving average, by tier. */
  readonly #decays = new Map<number, number>();
  /** Moves of each command, in order; empty until its answer has arrived. */
  readonly #moved: (readonly Move[])[] = [];
  /** Last reported state of the paths of each search. */
  readonly #paths = new Map<string, readonly PathView[]>();
  #phase = '';

  constructor({ form }: { readonly form: 'ratio' | 'literal' }) {
    this.#moves = new Moves(form);
  }

  readonly onEvent: RunListener['onEvent'] = (event) => {
    if (event.type === 'phase') this.#phase = event.phase;
    else if (event.type === 'fitted') this.#decays.set(event.tier, event.detector.decay);
    else if (event.type === 'search') this.#paths.set(this.#phase, event.paths);
  };

  readonly onCommand: RunListener['onCommand'] = (op, args, answer) => {
    const moved = this.#moves.of(op, args);
    const place = this.#moved.push([]) - 1;
    answer.then(
      (given) => {
        this.#moved[place] = moved?.(given) ?? [];
      },
      () => {}, // the journal ends here, which the replay itself reports
    );
  };

  /** Returns the trainings so far, one for each network. */
  descents(): DescentCurve[] {
    const byPoint = new Map<string, ReturnType<typeof emptyDescent>>();
    for (const move of this.#moved.flat()) {
      if (move.kind !== 'training') continue;
      const { network, start, lr, loss, validation } = move;
      const curve = byPoint.get(network) ?? emptyDescent();
      byPoint.set(network, curve);
      curve.validation.push(...validation);
      for (const [i, value] of loss.entries()) {
        curve.step.push(start + i);
        curve.lr.push(lr[i]);
        curve.loss.push(value);
      }
    }
    return [...byPoint].map(([network, curve]) => ({ network, ...curve }));
  }

  /** Returns the searches so far, one for each tier. */
  searches(): SearchCurve[] {
    const byTier = new Map<number, ReturnType<typeof emptySearch>>();
    for (const move of this.#moved.flat()) {
      if (move.kind !== 'search') continue;
      const curve = byTier.get(move.tier) ?? emptySearch();
      byTier.set(move.tier, curve);
      curve.path.push(...move.path);
      curve.round.push(...move.round);
      curve.rho1.push(...move.rho1);
      curve.loss.push(...move.loss);
      curve.norm.push(...move.norm);
    }
    return [...byTier].map(([tier, curve]) => {
      return { tier, decay: this.#decays.get(tier) ?? 0, exits: this.#exits(tier), ...curve };
    });
  }

  #exits(tier: number): SearchCurve['exits'] {
    const paths = this.#paths.get(searchPhase(tier)) ?? [];
    return paths.flatMap(({ path, exit }) => (exit === null ? [] : [{ path, step: exit.step }]));
  }
}

function emptyDescent() {
  const numbers = (): number[] => [];
  const validation: ValidationPoint[] = [];
  return { step: numbers(), lr: numbers(), loss: numbers(), validation };
}

function emptySearch() {
  const numbers = (): number[] => [];
  const path: string[] = [];
  return { path, round: numbers(), rho1: numbers(), loss: numbers(), norm: numbers() };
}
