import { z } from 'zod';
import type { PathView } from '../methods/method';
import type { Descent, Search } from './curves';
import type { Watch } from './replay';

/** Commands of training and search, as far as curves need them. */
const descendArgs = z.object({ point: z.string(), start: z.int(), lr: z.instanceof(Float64Array) });
const stackArgs = z.object({ points: z.array(z.string()), starts: z.array(z.int()), lr: z.instanceof(Float64Array) });
const searchArgs = z.object({
  paths: z.array(z.string()),
  stream: z.string(),
  path: z.instanceof(Int32Array),
  growth: z.instanceof(Float64Array),
});
const pathArgs = z.object({ path: z.string() });
const descended = z.object({ loss: z.instanceof(Float32Array) });
const searched = z.object({ loss: z.instanceof(Float32Array), norm: z.instanceof(Float32Array) });

interface Command {
  readonly op: string;
  readonly args: object;
  answer: object | null;
}

/** Collects a run's curves while its journal is replayed. */
export class WatchedRun implements Watch {
  readonly #form: 'ratio' | 'literal';
  readonly #decay: number;
  readonly #commands: Command[] = [];
  /** Where the paths of each search stood when it was last reported. */
  readonly #paths = new Map<string, readonly PathView[]>();
  #phase = '';

  constructor({
    form,
    detector,
  }: { readonly form: 'ratio' | 'literal'; readonly detector: { readonly decay: number } }) {
    this.#form = form;
    this.#decay = detector.decay;
  }

  readonly onEvent: Watch['onEvent'] = (event) => {
    if (event.type === 'phase') this.#phase = event.phase;
    else this.#paths.set(this.#phase, event.paths);
  };

  readonly onCommand: Watch['onCommand'] = (op, args, answer) => {
    const command: Command = { op, args, answer: null };
    this.#commands.push(command);
    answer.then(
      (given) => {
        command.answer = given;
      },
      () => {}, // the journal ends here: whoever asked is told
    );
  };

  /** The trainings so far, one a network. */
  descents(): Descent[] {
    const byPoint = new Map<string, { step: number[]; lr: number[]; loss: number[] }>();
    for (const { point, start, lr, loss } of this.#commands.flatMap(trainingsOf)) {
      const curve = byPoint.get(point) ?? { step: [], lr: [], loss: [] };
      byPoint.set(point, curve);
      for (const [i, value] of loss.entries()) {
        curve.step.push(start + i);
        curve.lr.push(lr[i]);
        curve.loss.push(value);
      }
    }
    return [...byPoint].map(([network, curve]) => ({ network, ...curve }));
  }

  /** The searches so far, one a tier. */
  searches(): Search[] {
    const byTier = new Map<number, ReturnType<typeof emptySearch>>();
    const rounds = new Map<string, number>();
    const rho1 = new Map<string, number>();
    for (const { op, args, answer } of this.#commands) {
      if (op === 'newPath') {
        const { path } = pathArgs.parse(args);
        rounds.set(path, (rounds.get(path) ?? 0) + 1);
        rho1.set(path, 1);
      }
      if (op !== 'search') continue;
      const { paths, stream, path, growth } = searchArgs.parse(args);
      const tier = tierOf(stream);
      const curve = byTier.get(tier) ?? emptySearch();
      byTier.set(tier, curve);
      const { loss = [], norm = [] } = answer === null ? {} : searched.parse(answer);
      for (const [i, k] of path.entries()) {
        const name = paths[k];
        const now = this.#form === 'ratio' ? (rho1.get(name) ?? 1) * growth[i] : growth[i];
        rho1.set(name, now);
        if (i >= loss.length) continue;
        curve.path.push(name);
        curve.round.push(rounds.get(name) ?? 1);
        curve.rho1.push(now);
        curve.loss.push(loss[i]);
        curve.norm.push(norm[i]);
      }
    }
    return [...byTier].map(([tier, curve]) => ({ tier, decay: this.#decay, exits: this.#exits(tier), ...curve }));
  }

  #exits(tier: number): Search['exits'] {
    const paths = this.#paths.get(`search of tier ${tier}`) ?? [];
    return paths.flatMap(({ path, exit }) => (exit === null ? [] : [{ path, step: exit.step }]));
  }
}

interface Trained extends z.infer<typeof descendArgs> {
  readonly loss: Float32Array;
}

/** Of networks that are trained together, the rates and losses of one stand behind those of the other. */
function trainingsOf({ op, args, answer }: Command): Trained[] {
  if (answer === null) return [];
  if (op === 'descend') return [{ ...descendArgs.parse(args), ...descended.parse(answer) }];
  if (op !== 'descendStack') return [];
  const { points, starts, lr } = stackArgs.parse(args);
  const { loss } = descended.parse(answer);
  const steps = loss.length / points.length;
  return points.map((point, k) => {
    const [from, to] = [k * steps, (k + 1) * steps];
    return { point, start: starts[k], lr: lr.subarray(from, to), loss: loss.subarray(from, to) };
  });
}

function tierOf(stream: string): number {
  return Number(/^data\/tier(\d+)-search$/.exec(stream)?.[1] ?? 1);
}

function emptySearch() {
  const numbers = (): number[] => [];
  const path: string[] = [];
  return { path, round: numbers(), rho1: numbers(), loss: numbers(), norm: numbers() };
}
