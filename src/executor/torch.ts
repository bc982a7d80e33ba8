import type { Answer, Args, Op } from '../bridge/protocol';
import type { Worker } from '../bridge/worker';
import { InterruptedError } from '../errors';
import type {
  Descent,
  DescentAnswer,
  Evaluation,
  Executor,
  Scale,
  SearchAnswer,
  SearchProgram,
  Split,
  Task,
} from './executor';

/** What a task consists of; the worker checks names and arguments against what it knows. */
export interface TaskSpec {
  readonly dataset: { readonly name: string; readonly args: Record<string, unknown>; readonly dir: string | null };
  readonly model: { readonly name: string; readonly args: Record<string, unknown> };
  readonly loss: 'crossEntropy';
  readonly precision: 'fp32';
  readonly batchSize: number;
  readonly seed: number;
  readonly device: string;
  /** CPU threads; 0 leaves PyTorch's own choice. */
  readonly threads: number;
}

export interface TorchOptions {
  /** Steps a message at most. Changes how soon progress shows and a cancel acts, never a result. Default 100. */
  readonly chunk?: number;
  /** Told after each finished piece of a program: what moves, its last loss, steps done and in all. */
  readonly onProgress?: (progress: ProgramProgress) => void;
  /** Once aborted, every command ends with an InterruptedError: those on their way and those to come. */
  readonly signal?: AbortSignal | undefined;
}

export interface ProgramProgress {
  readonly program: 'descend' | 'search';
  readonly what: string;
  readonly loss: number;
  readonly done: number;
  readonly total: number;
  /** Steps in this piece. */
  readonly steps: number;
}

/** Executes commands in a PyTorch worker. Programs are cut into pieces, all of which are on their way at once. */
export class TorchExecutor implements Executor {
  readonly task: Task;
  readonly #worker: Worker;
  readonly #chunk: number;
  readonly #onProgress: (progress: ProgramProgress) => void;
  readonly #signal: AbortSignal | undefined;

  private constructor(worker: Worker, task: Task, options: TorchOptions) {
    this.task = task;
    this.#worker = worker;
    this.#chunk = options.chunk ?? 100;
    this.#onProgress = options.onProgress ?? (() => {});
    this.#signal = options.signal;
  }

  /**
   * Open a task in a worker; what was open there before is dropped.
   * @throws ConfigError on unknown names and parts that do not fit each other; DataError when data cannot be read.
   */
  static async open(worker: Worker, spec: TaskSpec, options: TorchOptions = {}): Promise<TorchExecutor> {
    const { dataset, model, loss, precision, batchSize, seed, device, threads } = spec;
    const request = { dataset, model, loss, precision, batchSize, seed, device, threads };
    return new TorchExecutor(worker, await worker.request('open', request), options);
  }

  async newPoint(point: string, stream: string): Promise<void> {
    await this.#ask('newPoint', { point, stream });
  }

  async copyPoint(point: string, source: string): Promise<void> {
    await this.#ask('copyPoint', { point, source });
  }

  async drop({ points = [], paths = [] }: { points?: readonly string[]; paths?: readonly string[] }): Promise<void> {
    await this.#ask('drop', { points: [...points], paths: [...paths] });
  }

  async savePoint(point: string, metadata: Readonly<Record<string, string>>): Promise<Uint8Array> {
    return (await this.#ask('savePoint', { point, metadata })).file;
  }

  async loadPoint(point: string, file: Uint8Array): Promise<void> {
    await this.#ask('loadPoint', { point, file });
  }

  async newPath(path: string, origin: string, stream: string, scale: Scale): Promise<void> {
    await this.#ask('newPath', { path, origin, stream, scale });
  }

  async pointFromPath(point: string, path: string, factor = 1): Promise<void> {
    await this.#ask('pointFromPath', { point, path, factor });
  }

  async descend({ point, stream, start, lr, solver }: Descent): Promise<DescentAnswer> {
    const loss = new Float32Array(lr.length);
    const { momentum, nesterov, weightDecay } = solver;
    const common = { point, stream, momentum, nesterov, weightDecay };
    const pieces = this.#pieces(lr.length).map(async ({ from, to }) => {
      const args = { ...common, start: start + from, lr: lr.subarray(from, to) };
      const answer = await this.#ask('descend', args);
      loss.set(answer.loss, from);
      this.#report('descend', point, loss, from, to);
      return answer.finite;
    });
    const finite = await Promise.all(pieces);
    return { loss, finite: finite[finite.length - 1] };
  }

  async search({ paths, stream, start, path, growth, rho2, capture = [] }: SearchProgram): Promise<SearchAnswer> {
    const loss = new Float32Array(path.length);
    const norm = new Float32Array(path.length);
    const { parameters } = this.task;
    const pieces = this.#pieces(path.length).map(async ({ from, to }) => {
      const mine = capture.filter((step) => step >= from && step < to);
      const answer = await this.#ask('search', {
        paths: [...paths],
        stream,
        start: start + from,
        path: path.subarray(from, to),
        growth: growth.subarray(from, to),
        rho2: rho2.subarray(from, to),
        capture: mine.map((step) => step - from),
        cosines: to === path.length,
      });
      loss.set(answer.loss, from);
      norm.set(answer.norm, from);
      this.#report('search', stream, loss, from, to);
      const captured = mine.map((_, k) => answer.captured.subarray(k * parameters, (k + 1) * parameters));
      return { cosine: answer.cosine, captured };
    });
    const answers = await Promise.all(pieces);
    return { loss, norm, cosine: answers[answers.length - 1].cosine, captured: answers.flatMap((a) => a.captured) };
  }

  async probe(point: string, stream: string, batches: number): Promise<number> {
    return (await this.#ask('probe', { point, stream, batches })).loss;
  }

  evaluate(point: string, split: Split): Promise<Evaluation> {
    return this.#ask('evaluate', { point, split, outputs: true });
  }

  async targets(split: Split): Promise<Int32Array> {
    return (await this.#ask('targets', { split })).targets;
  }

  async reestimate(point: string, stream: string): Promise<void> {
    await this.#ask('reestimate', { point, stream });
  }

  async distances(points: readonly string[]): Promise<Float64Array> {
    return (await this.#ask('distances', { points: [...points] })).distances;
  }

  async segment(source: string, target: string, positions: Float64Array, stream: string): Promise<Float64Array> {
    return (await this.#ask('segment', { source, target, positions, stream })).loss;
  }

  /** Every command comes through here, so that an aborted signal stops a run wherever it is. */
  async #ask<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    if (this.#signal?.aborted) throw new InterruptedError('the run was interrupted');
    return this.#worker.request(op, args);
  }

  #pieces(steps: number): { from: number; to: number }[] {
    const count = Math.ceil(steps / this.#chunk);
    return Array.from({ length: count }, (_, k) => ({
      from: k * this.#chunk,
      to: Math.min(steps, (k + 1) * this.#chunk),
    }));
  }

  #report(program: 'descend' | 'search', what: string, loss: Float32Array, from: number, to: number): void {
    this.#onProgress({ program, what, loss: loss[to - 1], done: to, total: loss.length, steps: to - from });
  }
}
