import type { Answer, Args, Op } from '../bridge/wire/protocol';
import type { Requests } from '../bridge/workers/worker';
import { InterruptedError } from '../errors';
import type { DirectionScale, SearchAnswer, SearchProgram, StartLoss } from '../trust-tech/space';
import { Captures } from './captured-points';
import type { Descent, DescentAnswer, Evaluation, Executor, Split, Task, ValidationPoint } from './executor';
import { Members, type MembersAtOnce, type MembersOptions, membersOf } from './members-at-once';
import { PendingDescent, solverOf } from './pending-descent';
import { HERE, type Places } from './places';
import { type Piece, type PieceOptions, Pieces } from './program-cutter';
import type { ProgramProgress } from './program-progress';
import type { Sending } from './send-order';
import { executionOf, located, mixingOf, type TaskSpec, trainingLossOf } from './task-spec';
import { stepsBetweenPoints } from './validation-points';

export interface TorchOptions extends PieceOptions {
  /** Called after each finished piece of a program. */
  readonly onProgress?: (progress: ProgramProgress) => void;
  /** Called with each validation point of a network, in order. */
  readonly onValidation?: ((network: string, point: ValidationPoint) => void) | undefined;
  /** True to evaluate on the way as `TaskSpec.validation` says. Default: false, as before there were such points. */
  readonly validates?: boolean | undefined;
  /** Aborts the run: no further message is sent, and pending and later commands end with an InterruptedError. */
  readonly signal?: AbortSignal | undefined;
  /** Rules to find the files that the model names. Default: paths start at the current folder. */
  readonly places?: Places | undefined;
}

/** Executes commands in a PyTorch worker, in the order of the calls. Programs are cut into pieces. */
export class TorchExecutor implements Executor {
  readonly task: Task;
  readonly #worker: Requests;
  readonly #pieces: Pieces;
  readonly #members: Members;
  readonly #onProgress: (progress: ProgramProgress) => void;
  readonly #signal: AbortSignal | undefined;
  /** Resolves when every earlier command has been sent; a program counts as sent with its last message. */
  #given: Promise<void> = Promise.resolve();

  private constructor(worker: Requests, task: Task, members: MembersAtOnce, options: TorchOptions) {
    this.task = task;
    this.#worker = worker;
    this.#pieces = new Pieces(options);
    const requests: Requests = { request: (op, args, lane) => this.#send(op, args, lane) };
    const onPiece: MembersOptions['onPiece'] = ({ program, loss }, { from, to }, validation) => {
      for (const point of validation) options.onValidation?.(program.point, point);
      this.#report('descend', program.point, loss, from, to);
    };
    this.#members = new Members(members, requests, this.#pieces, { ...options, onPiece });
    this.#onProgress = options.onProgress ?? (() => {});
    this.#signal = options.signal;
  }

  /**
   * Opens a task in a worker, which drops the task that was open there.
   * @throws ConfigError on unknown names and parts that do not fit each other; DataError when data cannot be read
   */
  static async open(worker: Requests, spec: TaskSpec, options: TorchOptions = {}): Promise<TorchExecutor> {
    const { loss, precision, seed, device, threads, batchChunks, allowChunkedBn } = spec;
    const batches = { batchSize: spec.batchSize === 'full' ? 0 : spec.batchSize, batchChunks, allowChunkedBn };
    const members = membersOf(spec);
    const more = members.atOnce === 1 ? {} : { membersAtOnce: members.atOnce, membersWay: members.way };
    const request = {
      ...located(spec, options.places ?? HERE),
      ...{ loss, precision, ...batches, seed, device, threads },
      ...executionOf(spec),
      ...mixingOf(spec),
      ...trainingLossOf(spec.trainingLoss, options.places ?? HERE),
      ...more,
    };
    const opened = await worker.request('open', request);
    const { validation = { every: 'never' }, batchSize } = spec;
    const validateEvery = options.validates ? stepsBetweenPoints(validation, batchSize, opened) : null;
    return new TorchExecutor(worker, { ...opened, validateEvery }, members, options);
  }

  async newPoint(point: string, stream: string): Promise<void> {
    await this.#ask('newPoint', { point, stream });
  }

  async copyPoint(point: string, source: string): Promise<void> {
    await this.#ask('copyPoint', { point, source });
  }

  async placePoint(point: string, like: string, parameters: Float32Array): Promise<void> {
    await this.#ask('placePoint', { point, like, parameters });
  }

  async averagePoints(point: string, sources: readonly string[], weights: Float64Array): Promise<void> {
    await this.#ask('averagePoints', { point, sources: [...sources], weights });
  }

  async takeAverage(point: string): Promise<void> {
    await this.#ask('takeAverage', { point });
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

  async newPath(path: string, origin: string, stream: string, scale: DirectionScale): Promise<void> {
    await this.#ask('newPath', { path, origin, stream, scale });
  }

  async pointFromPath(point: string, path: string, factor = 1): Promise<void> {
    await this.#ask('pointFromPath', { point, path, factor });
  }

  async descend(program: Descent): Promise<DescentAnswer> {
    const [answer] = await this.descendAll([program]);
    return answer;
  }

  async descendAll(programs: readonly Descent[]): Promise<readonly DescentAnswer[]> {
    const descents = programs.map((program) => new PendingDescent(program, this.task));
    await this.#inTurn(() => this.#members.send(descents));
    return descents.map(({ answer }) => answer);
  }

  async search(program: SearchProgram): Promise<SearchAnswer> {
    const { stream, start, path, growth, rho2, capture = [] } = program;
    const captures = new Captures('search', capture, path.length, this.task.parameters);
    const loss = new Float32Array(path.length);
    const norm = new Float32Array(path.length);
    const common = { paths: [...program.paths], stream, solver: solverOf(program.solver) };
    const cosines = await this.#program(path.length, async ({ from, to }) => {
      const { places, steps } = captures.within(from, to);
      const answer = await this.#send('search', {
        ...common,
        start: start + from,
        path: path.subarray(from, to),
        growth: growth.subarray(from, to),
        rho2: rho2.subarray(from, to),
        capture: steps,
        cosines: to === path.length,
      });
      loss.set(answer.loss, from);
      norm.set(answer.norm, from);
      captures.put(places, answer.captured);
      this.#report('search', stream, loss, from, to);
      return answer.cosine;
    });
    return { loss, norm, cosine: cosines[cosines.length - 1], captured: captures.captured };
  }

  probe(point: string, stream: string, batches: number): Promise<StartLoss> {
    return this.#ask('probe', { point, stream, batches });
  }

  evaluate(point: string, split: Split): Promise<Evaluation> {
    return this.#ask('evaluate', { point, split, outputs: true });
  }

  async targets(split: Split): Promise<Float32Array> {
    return (await this.#ask('targets', { split })).targets;
  }

  /** Describes samples before normalisation, and returns the mean and standard deviation that normalise them. */
  async rawSamples(): Promise<Answer<'rawSamples'>> {
    return this.#ask('rawSamples', {});
  }

  async reestimate(point: string, stream: string): Promise<void> {
    await this.#ask('reestimate', { point, stream });
  }

  async distances(points: readonly string[]): Promise<Float64Array> {
    return (await this.#ask('distances', { points: [...points] })).distances;
  }

  async segment(
    source: string,
    target: string,
    positions: Float64Array,
    stream: string,
    every = 1,
  ): Promise<Float64Array> {
    const part = every === 1 ? {} : { every }; // all samples are asked for as runs did before there were parts
    return (await this.#ask('segment', { source, target, positions, stream, ...part })).loss;
  }

  /** Returns the bytes of tensors in the worker, and their peak since the last call. Without `watch`, counting ends. */
  async memory(watch: boolean): Promise<Answer<'memory'>> {
    return this.#ask('memory', { watch });
  }

  #ask<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    return this.#inTurn(() => ({ sent: Promise.resolve(), answers: this.#send(op, args) }));
  }

  #program<T>(steps: number, perform: (piece: Piece) => Promise<T>): Promise<T[]> {
    return this.#inTurn(() => this.#pieces.send(steps, perform));
  }

  #inTurn<T>(send: () => Sending<T>): Promise<T> {
    const sending = this.#given.then(send);
    this.#given = sending.then(({ sent }) => sent);
    return sending.then(({ answers }) => answers);
  }

  /** Sends every message of the executor, so that an aborted signal stops a run at any point. */
  async #send<O extends Op>(op: O, args: Args<O>, lane?: number): Promise<Answer<O>> {
    if (this.#signal?.aborted) throw new InterruptedError('the run was interrupted');
    return this.#worker.request(op, args, lane);
  }

  #report(program: 'descend' | 'search', what: string, loss: Float32Array, from: number, to: number): void {
    this.#onProgress({ program, what, loss: loss[to - 1], done: to, total: loss.length, steps: to - from });
  }
}
