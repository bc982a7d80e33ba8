import { z } from 'zod';
import type { Watch } from '../experiment/replay';
import type { PathView } from '../methods/method';
import type { DrawnCurves } from './curves-of-traces';
import type { SearchView, TrainingView } from './live-view';
import { MovingAverage, ThinnedLine, TRAINING_DECAY } from './thinned-line';

const descendArgs = z.object({ point: z.string(), start: z.int() });
const stackArgs = z.object({ points: z.array(z.string()), starts: z.array(z.int()) });
const searchArgs = z.object({
  paths: z.array(z.string()),
  stream: z.string(),
  start: z.int(),
  path: z.instanceof(Int32Array),
  growth: z.instanceof(Float64Array),
});
const pathArgs = z.object({ path: z.string() });
const losses = z.object({ loss: z.instanceof(Float32Array) });

interface Path {
  readonly loss: ThinnedLine;
  readonly rho1: ThinnedLine;
  average: MovingAverage;
  /** At its last step; a path starts as d = v, with 1. */
  at: number;
}

interface Training {
  readonly line: ThinnedLine;
  readonly average: MovingAverage;
  steps: number;
}

/**
 * The lines of a run that goes on, as its commands and their answers come: what a step costs does not depend on how many
 * there were.
 */
export class LiveCurves implements DrawnCurves {
  readonly #form: 'ratio' | 'literal';
  readonly #decay: number;
  readonly #paths = new Map<string, Path>();
  readonly #views = new Map<string, PathView>();
  readonly #searches = new Map<number, { iterations: number; readonly paths: string[] }>();
  readonly #trainings = new Map<string, Training>();
  /** Networks that were trained in this phase. */
  readonly #going = new Set<string>();
  /** Answers are taken in the order of their commands. */
  #turn: Promise<void> = Promise.resolve();

  constructor({
    form,
    detector,
  }: {
    readonly form: 'ratio' | 'literal';
    readonly detector: { readonly decay: number };
  }) {
    this.#form = form;
    this.#decay = detector.decay;
  }

  readonly onCommand: Watch['onCommand'] = (op, args, answer) => {
    this.#turn = this.#turn.then(async () => {
      try {
        this.#take(op, args, await answer);
      } catch {
        // the run ends here: whoever asked is told
      }
    });
  };

  /** Another phase begins: what was trained in the one before is trained. */
  onPhase(): void {
    this.#turn = this.#turn.then(() => this.#going.clear());
  }

  /** Once all that came is taken. */
  settled(): Promise<void> {
    return this.#turn;
  }

  /** Where the paths stand. */
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
    return [...this.#trainings].map(([network, { line, steps }]) => {
      return { network, steps, isGoing: this.#going.has(network), loss: line.points() };
    });
  }

  #take(op: string, args: object, answer: object): void {
    if (op === 'newPath') this.#begin(pathArgs.parse(args).path);
    if (op === 'descend') this.#train(descendArgs.parse(args), losses.parse(answer).loss);
    if (op === 'descendStack') this.#trainStack(stackArgs.parse(args), losses.parse(answer).loss);
    if (op === 'search') this.#move(searchArgs.parse(args), losses.parse(answer).loss);
  }

  /** A path that is redrawn begins anew. */
  #begin(name: string): void {
    const before = this.#paths.get(name);
    before?.loss.gap();
    before?.rho1.gap();
    const { loss = new ThinnedLine(), rho1 = new ThinnedLine() } = before ?? {};
    this.#paths.set(name, { loss, rho1, average: new MovingAverage(this.#decay), at: 1 });
  }

  #train({ point, start }: z.infer<typeof descendArgs>, loss: Float32Array): void {
    const fresh = { line: new ThinnedLine(), average: new MovingAverage(TRAINING_DECAY), steps: 0 };
    const training = this.#trainings.get(point) ?? fresh;
    this.#trainings.set(point, training);
    this.#going.add(point);
    for (const [i, value] of loss.entries()) training.line.add(start + i, training.average.add(value));
    training.steps = start + loss.length;
  }

  /** Networks that are trained together: the losses of one stand behind those of the other. */
  #trainStack({ points, starts }: z.infer<typeof stackArgs>, loss: Float32Array): void {
    const steps = loss.length / points.length;
    for (const [k, point] of points.entries()) {
      this.#train({ point, start: starts[k] }, loss.subarray(k * steps, (k + 1) * steps));
    }
  }

  #move({ paths, stream, start, path, growth }: z.infer<typeof searchArgs>, loss: Float32Array): void {
    const tier = Number(/^data\/tier(\d+)-search$/.exec(stream)?.[1] ?? 1);
    this.#searches.set(tier, { paths, iterations: start + loss.length });
    for (const [i, k] of path.entries()) {
      const moved = this.#paths.get(paths[k]);
      if (moved === undefined) continue;
      moved.at = this.#form === 'ratio' ? moved.at * growth[i] : growth[i];
      moved.loss.add(start + i, moved.average.add(loss[i]));
      moved.rho1.add(start + i, moved.at);
    }
  }

  #lineOf(name: string): SearchView['paths'][number] {
    const { exit, status = 'searching' } = this.#views.get(name) ?? { exit: null };
    const lines = this.#paths.get(name);
    return {
      name,
      status,
      loss: lines?.loss.points() ?? [],
      rho1: lines?.rho1.points() ?? [],
      exit: exit && {
        iteration: exit.step,
        rho1: exit.rho1,
        loss: exit.peakLoss,
        distance: exit.distance,
        cosine: Number.isFinite(exit.cosine) ? exit.cosine : null,
      },
    };
  }
}
