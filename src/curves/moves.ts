import { z } from 'zod';
import { WORK } from '../bridge/wire/protocol';
import type { ValidationPoint } from '../executor/executor';
import { pointsAfter } from '../executor/validation-points';
import { tierOfSearchStream } from '../trust-tech/names';

/** Consecutive training steps of a network. */
export interface TrainingMove {
  readonly kind: 'training';
  readonly network: string;
  readonly start: number;
  readonly lr: Float64Array;
  readonly loss: Float32Array;
  readonly validation: readonly ValidationPoint[];
}

/**
 * Consecutive iterations of a tier's search: for each, the path that moved, the round of that path, its rho1 and loss,
 * and the norm of its displacement.
 */
export interface Searching {
  readonly kind: 'search';
  readonly tier: number;
  readonly paths: readonly string[];
  readonly start: number;
  readonly path: readonly string[];
  readonly round: readonly number[];
  readonly rho1: readonly number[];
  readonly loss: Float32Array;
  readonly norm: Float32Array;
}

export type Move = TrainingMove | Searching;

const doubles = z.instanceof(Float64Array);
const floats = z.instanceof(Float32Array);
const validateEvery = z.int().optional();
const descendArgs = z.object({ point: z.string(), start: z.int(), lr: doubles, validateEvery });
const stackArgs = z.object({ points: z.array(z.string()), starts: z.array(z.int()), lr: doubles, validateEvery });
const searchArgs = z.object({
  paths: z.array(z.string()),
  stream: z.string(),
  start: z.int(),
  path: z.instanceof(Int32Array),
  growth: doubles,
});
const pathArgs = z.object({ path: z.string() });
const descended = z.object({ loss: floats, validation: WORK.descend.result.shape.validation });
const stacked = z.object({ loss: floats, validation: WORK.descendStack.result.shape.validation });
const searched = z.object({ loss: floats, norm: floats });

/** Converts a run's commands, given in order, to training steps and search iterations, for curves in any form. */
export class Moves {
  readonly #form: 'ratio' | 'literal';
  /** Round and rho1 of each path. */
  readonly #paths = new Map<string, { round: number; rho1: number }>();

  constructor(form: 'ratio' | 'literal') {
    this.#form = form;
  }

  /**
   * Takes the next command.
   * @returns a function from its answer to its moves; null for a command that neither trains nor searches
   */
  of(op: string, args: object): ((answer: object) => Move[]) | null {
    if (op === 'newPath') this.#begin(pathArgs.parse(args).path);
    if (op === 'descend') return this.#training(descendArgs.parse(args));
    if (op === 'descendStack') return this.#stack(stackArgs.parse(args));
    return op === 'search' ? this.#search(searchArgs.parse(args)) : null;
  }

  /** Starts a path, or restarts one that is redrawn: its displacement is d = v, so rho1 is 1. */
  #begin(path: string): void {
    this.#paths.set(path, { round: (this.#paths.get(path)?.round ?? 0) + 1, rho1: 1 });
  }

  #training({ point, start, lr, validateEvery: every }: z.infer<typeof descendArgs>): (answer: object) => Move[] {
    return (answer) => {
      const { loss, validation: measures } = descended.parse(answer);
      return [{ kind: 'training', network: point, start, lr, loss, validation: pointsAfter(start, every, measures) }];
    };
  }

  /** Splits a stack: rates and losses of networks that are trained together follow one another, network by network. */
  #stack({ points, starts, lr, validateEvery: every }: z.infer<typeof stackArgs>): (answer: object) => Move[] {
    const steps = lr.length / points.length;
    return (answer) => {
      const { loss, validation: measures } = stacked.parse(answer);
      return points.map((network, k) => {
        const [from, to] = [k * steps, (k + 1) * steps];
        return {
          kind: 'training',
          network,
          start: starts[k],
          lr: lr.subarray(from, to),
          loss: loss.subarray(from, to),
          validation: pointsAfter(starts[k], every, measures[k] ?? []),
        };
      });
    };
  }

  #search({ paths, stream, start, path, growth }: z.infer<typeof searchArgs>): (answer: object) => Move[] {
    const names = Array.from(path, (k) => paths[k]);
    const places = names.map((name, i) => {
      const { round, rho1 } = this.#paths.get(name) ?? { round: 1, rho1: 1 };
      const place = { round, rho1: this.#form === 'ratio' ? rho1 * growth[i] : growth[i] };
      this.#paths.set(name, place);
      return place;
    });
    const [round, rho1] = [places.map((place) => place.round), places.map((place) => place.rho1)];
    const tier = tierOfSearchStream(stream) ?? 1;
    return (answer) => [{ kind: 'search', tier, paths, start, path: names, round, rho1, ...searched.parse(answer) }];
  }
}
