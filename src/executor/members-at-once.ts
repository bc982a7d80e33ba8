import { isDeepStrictEqual } from 'node:util';
import type { Requests } from '../bridge/workers/worker';
import { planLanes } from './lane-plan';
import { type PendingDescent, type PieceAnswer, solverOf } from './pending-descent';
import { type Piece, type PieceOptions, Pieces } from './program-cutter';
import { type Sending, sendInOrder, sendInTurns } from './send-order';

/** How many networks that do not depend on each other are trained at once, and how. */
export interface MembersAtOnce {
  readonly atOnce: number;
  /** In so many workers, or as one stack of tensors in one worker. */
  readonly way: 'processes' | 'stack';
}

/** What a task asks for. A configuration's `auto` has become one of the ways by then, where there is a choice. */
export function membersOf(task: {
  readonly membersAtOnce?: number;
  readonly membersWay?: MembersAtOnce['way'] | 'auto';
}): MembersAtOnce {
  const { membersAtOnce = 1, membersWay = 'processes' } = task;
  return { atOnce: membersAtOnce, way: membersWay === 'stack' ? 'stack' : 'processes' };
}

export interface MembersOptions extends PieceOptions {
  /** Called after each finished piece of a descent. */
  readonly onPiece: (descent: PendingDescent, piece: Piece) => void;
}

/** Makes descents that do not depend on each other. */
export class Members {
  readonly #members: MembersAtOnce;
  readonly #requests: Requests;
  readonly #onPiece: MembersOptions['onPiece'];
  /** One a lane: each finds out for itself how long its steps take. */
  readonly #pieces: readonly Pieces[];

  /** @param pieces those of the executor, which are the first lane's */
  constructor(members: MembersAtOnce, requests: Requests, pieces: Pieces, options: MembersOptions) {
    this.#members = members;
    this.#requests = requests;
    this.#onPiece = options.onPiece;
    const lanes = members.way === 'processes' ? members.atOnce : 1;
    this.#pieces = Array.from({ length: lanes }, (_, k) => (k === 0 ? pieces : new Pieces(options)));
  }

  /** One after the other, each in pieces; or at once, as many as were asked for. */
  send(descents: readonly PendingDescent[]): Sending<unknown> {
    const { atOnce, way } = this.#members;
    if (atOnce === 1 || descents.length < 2) return sendInOrder(descents.map((descent) => () => this.#alone(descent)));
    return way === 'processes' ? this.#inLanes(descents) : this.#inStacks(descents);
  }

  #alone(descent: PendingDescent, before = 0): Sending<unknown> {
    return this.#pieces[0].send(descent.steps - before, ({ from, to }) =>
      this.#descend(descent, { from: before + from, to: before + to }),
    );
  }

  #inLanes(descents: readonly PendingDescent[]): Sending<unknown> {
    const plan = planLanes(
      descents.map(({ steps }) => steps),
      this.#members.atOnce,
    );
    return sendInTurns(plan, this.#pieces, ({ program, from, to }, lane) =>
      this.#descend(descents[program], { from, to }, lane),
    );
  }

  async #descend(descent: PendingDescent, piece: Piece, lane?: number): Promise<void> {
    this.#take(descent, piece, await this.#requests.request('descend', descent.request(piece), lane));
  }

  #inStacks(descents: readonly PendingDescent[]): Sending<unknown> {
    const { atOnce } = this.#members;
    const count = Math.ceil(descents.length / atOnce);
    const groups = Array.from({ length: Math.ceil(descents.length / atOnce) }, (_, k) =>
      descents.slice(Math.floor((k * descents.length) / count), Math.floor(((k + 1) * descents.length) / count)),
    );
    return sendInOrder(groups.flatMap((group) => this.#stack(group)));
  }

  /** As many steps together as all have; what some have beyond is made one after the other. */
  #stack(group: readonly PendingDescent[]): (() => Sending<unknown>)[] {
    if (!isStackable(group)) return group.map((descent) => () => this.#alone(descent));
    const shared = Math.min(...group.map(({ steps }) => steps));
    const longer = group.filter(({ steps }) => steps > shared);
    return [
      () => this.#pieces[0].send(shared, (piece) => this.#descendStack(group, piece)),
      ...longer.map((descent) => () => this.#alone(descent, shared)),
    ];
  }

  async #descendStack(group: readonly PendingDescent[], piece: Piece): Promise<void> {
    const requests = group.map((descent) => descent.request(piece));
    const steps = piece.to - piece.from;
    const lr = new Float64Array(group.length * steps);
    for (const [k, request] of requests.entries()) lr.set(request.lr, k * steps);
    const { loss, finite } = await this.#requests.request('descendStack', {
      points: requests.map(({ point }) => point),
      streams: requests.map(({ stream }) => stream),
      starts: requests.map(({ start }) => start),
      solver: solverOf(requests[0].solver),
      lr,
    });
    for (const [k, descent] of group.entries()) {
      const own = loss.subarray(k * steps, (k + 1) * steps);
      this.#take(descent, piece, { loss: own, finite: finite[k], captured: new Float32Array() });
    }
  }

  #take(descent: PendingDescent, piece: Piece, answer: PieceAnswer): void {
    descent.take(piece, answer);
    this.#onPiece(descent, piece);
  }
}

/** Whether descents are of one kind, so that one update moves all of them. */
function isStackable(group: readonly PendingDescent[]): boolean {
  const [first] = group.map(({ program }) => solverOf(program.solver));
  const isAlike = ({ isPlain, program }: PendingDescent) =>
    isPlain && isDeepStrictEqual(solverOf(program.solver), first);
  return group.length > 1 && group.every(isAlike);
}
