import type { Executor } from '../executor/executor';
import type { MemberResult } from '../store/result';
import { type Integration, integrate, type Trajectory } from './integrate';
import { nameOptima } from './judge-ends';
import type { PathPoint } from './path-points';

/** Network whose path exited. */
export type Exited = MemberResult & { readonly parent: string; readonly exit: NonNullable<MemberResult['exit']> };

/** Integrates flows from points of a path and keeps them; the end of each is a point in the executor. */
export class Flows {
  readonly ends = new Map<number, Trajectory>();

  constructor(
    readonly executor: Executor,
    readonly member: Exited,
    /** Parameters on the path, by iteration. */
    readonly along: ReadonlyMap<number, Float32Array>,
    readonly integration: Integration,
    readonly onIntegrated: (done: number) => void = () => {},
  ) {}

  /** Key in `ends` of the flow from the origin itself. */
  static readonly ORIGIN = -1;

  static endName(iteration: number): string {
    return iteration === Flows.ORIGIN ? 'end-of-origin' : `end-${iteration}`;
  }

  async from({ iteration }: Pick<PathPoint, 'iteration'>): Promise<Trajectory> {
    const known = this.ends.get(iteration);
    if (known !== undefined) return known;
    const { executor, member } = this;
    const name = Flows.endName(iteration);
    if (iteration === Flows.ORIGIN) await executor.copyPoint(name, member.parent);
    else await executor.placePoint(name, member.parent, this.parameters(iteration));
    const trajectory = await integrate(executor, name, this.integration);
    this.ends.set(iteration, trajectory);
    this.onIntegrated(this.ends.size);
    return trajectory;
  }

  parameters(iteration: number): Float32Array {
    const found = this.along.get(iteration);
    if (found === undefined) throw new Error(`iteration ${iteration} was not captured`);
    return found;
  }

  /** Reports whether the flow from a point of the path comes to rest where the origin's does. */
  async returns(point: PathPoint): Promise<boolean> {
    await this.from({ iteration: Flows.ORIGIN });
    await this.from(point);
    const names = [Flows.ORIGIN, point.iteration].map(Flows.endName);
    const optima = nameOptima(await this.executor.distances(names), 2, this.member.exit.distance);
    return optima[0] === optima[1];
  }
}
