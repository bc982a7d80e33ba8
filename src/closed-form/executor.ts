import { UsageError } from '../errors';
import { symmetricEigen } from '../linear-algebra';
import type { DirectionScale, SearchAnswer, SearchProgram, Solver, StartLoss } from '../trust-tech/space';
import { namedStream, normals } from '../trust-tech/streams';
import { type CountedObjective, counted } from './counted-objective';
import type { Evaluations, FlowEnd, FlowSpace } from './flow-space';
import { type FlowOptions, followGradient, lengthIn } from './gradient-flow';
import type { Objective } from './objectives/objective';

interface Path {
  readonly origin: Float64Array;
  readonly first: Float64Array;
  readonly d: Float64Array;
}

/**
 * TRUST-TECH's space of a closed-form objective, in process and in 64 bits. There is no data: a stream names random
 * directions only. The loss outside the box is NaN, which ends a path there.
 */
export class AnalyticExecutor implements FlowSpace {
  readonly dims: number;
  readonly box: Objective['box'];
  readonly #objective: CountedObjective;
  readonly #seed: number;
  readonly #flow: FlowOptions;
  readonly #width: Float64Array;
  readonly #points = new Map<string, Float64Array>();
  readonly #paths = new Map<string, Path>();

  /** @throws UsageError if the flow's metric needs residuals and the objective has none */
  constructor(objective: Objective, { seed, flow }: { readonly seed: number; readonly flow: FlowOptions }) {
    if (flow.metric !== 'identity' && objective.leastSquares === null) {
      throw new UsageError(
        `the metric ${flow.metric} needs an objective that is a sum of squares; ${objective.name} is none: take identity`,
      );
    }
    this.dims = objective.dims;
    this.box = objective.box;
    this.#objective = counted(objective);
    this.#seed = seed;
    this.#flow = flow;
    this.#width = Float64Array.from(objective.box.upper, (upper, i) => upper - objective.box.lower[i]);
  }

  get evaluations(): Evaluations {
    return this.#objective.evaluations();
  }

  async placeAt(point: string, x: Float64Array): Promise<void> {
    if (x.length !== this.dims) throw new UsageError(`a point of ${this.dims} coordinates is needed, got ${x.length}`);
    this.#points.set(point, x.slice());
  }

  async copyPoint(point: string, source: string): Promise<void> {
    this.#points.set(point, this.#point(source).slice());
  }

  async stateOf(point: string): Promise<{ x: Float64Array; value: number }> {
    const x = this.#point(point);
    return { x: x.slice(), value: this.#objective.value(x) };
  }

  async drop({ points = [], paths = [] }: Parameters<FlowSpace['drop']>[0]): Promise<void> {
    for (const name of points) this.#points.delete(name);
    for (const name of paths) this.#paths.delete(name);
  }

  async newPath(path: string, origin: string, stream: string, scale: DirectionScale): Promise<void> {
    if (scale !== 'unit') throw new UsageError(`a closed-form objective knows the scale 'unit' only, got '${scale}'`);
    const normal = normals(this.dims, namedStream(this.#seed, stream));
    await this.newPathAlong(
      path,
      origin,
      normal.map((z, i) => z * this.#width[i]),
    );
  }

  async newPathAlong(path: string, origin: string, direction: Float64Array): Promise<void> {
    const length = lengthIn(this.#width, direction);
    if (!(length > 0 && length < Number.POSITIVE_INFINITY)) throw new UsageError('a direction must have a length');
    const first = direction.map((v) => v / length);
    this.#paths.set(path, { origin: this.#point(origin), first, d: first });
  }

  async pointFromPath(point: string, path: string, factor = 1): Promise<void> {
    const { origin, d } = this.#path(path);
    this.#points.set(
      point,
      origin.map((x, i) => x + factor * d[i]),
    );
  }

  async search({ paths, path, growth, rho2, solver, capture = [] }: SearchProgram): Promise<SearchAnswer> {
    mustBePlain(solver);
    const loss = new Float64Array(path.length);
    const norm = new Float64Array(path.length);
    const captured: Float64Array[] = [];
    for (const [i, k] of path.entries()) {
      const { origin, first, d: before } = this.#path(paths[k]);
      const grown = before.map((v) => growth[i] * v);
      const x = origin.map((o, axis) => o + grown[axis]);
      loss[i] = this.#inBox(x) ? this.#objective.value(x) : Number.NaN;
      norm[i] = lengthIn(this.#width, grown);
      if (capture.includes(i)) captured.push(x);
      this.#paths.set(paths[k], { origin, first, d: this.#calibrated(grown, x, Number.isNaN(loss[i]) ? 0 : rho2[i]) });
    }
    return { loss, norm, captured, cosine: Float64Array.from(paths, (name) => this.#cosine(name)) };
  }

  async probe(point: string): Promise<StartLoss> {
    return { loss: this.#objective.value(this.#point(point)), deviation: 0 };
  }

  async distances(points: readonly string[]): Promise<Float64Array> {
    const at = points.map((name) => this.#point(name));
    const between = (a: Float64Array, b: Float64Array) =>
      lengthIn(
        this.#width,
        a.map((ai, i) => ai - b[i]),
      );
    return Float64Array.from(at.flatMap((a) => at.map((b) => between(a, b))));
  }

  async segment(source: string, target: string, positions: Float64Array): Promise<Float64Array> {
    const [from, to] = [this.#point(source), this.#point(target)];
    return positions.map((t) => this.#objective.value(from.map((x, i) => (1 - t) * x + t * to[i])));
  }

  async integrate(point: string, { trajectory = false } = {}): Promise<FlowEnd> {
    return followGradient(this.#objective, this.#point(point), { ...this.#flow, trajectory });
  }

  async eigenvectors(point: string): Promise<Float64Array[]> {
    return [...symmetricEigen(this.#objective.hessian(this.#point(point))).vectors];
  }

  #calibrated(d: Float64Array, x: Float64Array, rho2: number): Float64Array {
    if (rho2 === 0) return d; // a fixed direction costs no gradient
    const gradient = this.#objective.gradient(x);
    return d.map((v, i) => v - rho2 * gradient[i]);
  }

  #cosine(path: string): number {
    const { first, d } = this.#path(path);
    const [u, v] = [first, d].map((vector) => vector.map((entry, i) => entry / this.#width[i]));
    return u.reduce((sum, entry, i) => sum + entry * v[i], 0) / (Math.hypot(...u) * Math.hypot(...v));
  }

  #inBox(x: Float64Array): boolean {
    return x.every((xi, i) => xi >= this.box.lower[i] && xi <= this.box.upper[i]);
  }

  #point(name: string): Float64Array {
    const found = this.#points.get(name);
    if (found === undefined) throw new Error(`there is no point ${name}`);
    return found;
  }

  #path(name: string): Path {
    const found = this.#paths.get(name);
    if (found === undefined) throw new Error(`there is no path ${name}`);
    return found;
  }
}

function mustBePlain({ solver, momentum, weightDecay }: Solver): void {
  if (solver === 'sgd' && momentum === 0 && weightDecay === 0) return;
  throw new UsageError(
    `a closed-form objective is calibrated by its plain gradient, got ${solver} with momentum ${momentum} and weight decay ${weightDecay}`,
  );
}
