import { z } from 'zod';
import { searchLines, trainingLines } from './curves';
import type { Line } from './lines';

const doubles = z.instanceof(Float64Array);
const floats = z.instanceof(Float32Array);
const training = z.object({ point: z.string(), start: z.int(), lr: doubles });
const stacked = z.object({ points: z.array(z.string()), starts: z.array(z.int()), lr: doubles });
const trained = z.object({ loss: floats });
const search = z.object({
  paths: z.array(z.string()),
  stream: z.string(),
  path: z.instanceof(Int32Array),
  growth: doubles,
});
const searched = z.object({ loss: floats, norm: floats });
const newPath = z.object({ path: z.string() });

/** Makes lines of a run's commands, while it goes on, as their answers come. */
export class LiveCurves {
  readonly #form: 'ratio' | 'literal';
  readonly #tell: (line: Line) => void;
  /** Where each path's rho1 stands, and how many iterations each search has had. */
  readonly #rho1 = new Map<string, number>();
  readonly #iterations = new Map<string, number>();

  constructor(form: 'ratio' | 'literal', tell: (line: Line) => void) {
    this.#form = form;
    this.#tell = tell;
  }

  /** Every command in order, with its answer. Never throws, and waits for nothing. */
  readonly onCommand = (op: string, args: object, answer: Promise<object>): void => {
    const lines = this.#lines(op, args);
    if (op === 'newPath') this.#rho1.set(newPath.parse(args).path, 1);
    answer.then(
      (given) => lines?.(given).forEach(this.#tell),
      () => {}, // the run hears of it
    );
  };

  /** What makes lines of a command's answer, for commands of which there is something to be told. */
  #lines(op: string, args: object): ((answer: object) => Line[]) | null {
    if (op === 'search') return this.#search(args);
    if (op === 'descendStack') return this.#stack(args);
    if (op !== 'descend') return null;
    const { point, start, lr } = training.parse(args);
    return (answer) => trainingLines(stretch(point, start, lr, trained.parse(answer).loss));
  }

  /** Several networks that are trained at once: a row of rates, and of losses, each. */
  #stack(args: object): (answer: object) => Line[] {
    const { points, starts, lr } = stacked.parse(args);
    const steps = lr.length / points.length;
    const from = (k: number) => [k * steps, (k + 1) * steps] as const;
    return (answer) => {
      const { loss } = trained.parse(answer);
      return points.flatMap((point, k) =>
        trainingLines(stretch(point, starts[k], lr.subarray(...from(k)), loss.subarray(...from(k)))),
      );
    };
  }

  #search(args: object): (answer: object) => Line[] {
    const { paths, stream, path, growth } = search.parse(args);
    const names = Array.from(path, (k) => paths[k]);
    const rho1 = names.map((name, i) => {
      const now = this.#form === 'ratio' ? (this.#rho1.get(name) ?? 1) * growth[i] : growth[i];
      this.#rho1.set(name, now);
      return now;
    });
    const from = this.#iterations.get(stream) ?? 0;
    this.#iterations.set(stream, from + path.length);
    return (answer) => searchLines({ from, path: names, rho1, ...searched.parse(answer) });
  }
}

function stretch(network: string, start: number, lr: Float64Array, loss: ArrayLike<number>) {
  return { network, step: Array.from(lr, (_, i) => start + i), lr, loss };
}
