import { isDeepStrictEqual } from 'node:util';
import type { Requests } from '../bridge/workers/worker';
import type { ValidationPoint } from './executor';
import { planLanes } from './lane-plan';
import { emaOf, type PendingDescent, type PieceAnswer, solverOf } from './pending-descent';
import { type Piece, type PieceOptions, Pieces } from './program-cutter';
import { type Sending, sendInOrder, sendInTurns } from './send-order';

/** Number of independent networks that are trained at once, and the way of doing so. */
export interface MembersAtOnce {
  readonly atOnce: number;
  /** `processes`: each in its own worker; `stack`: as one stack of tensors in one worker. */
  readonly way: 'processes' | 'stack';
}

/** Returns the `MembersAtOnce` of a task. `auto` is left only for one network at a time, where it has no effect. */
export function membersOf(task: {
  readonly membersAtOnce?: number;
  readonly membersWay?: MembersAtOnce['way'] | 'auto';
}): MembersAtOnce {
  const { membersAtOnce = 1, membersWay = 'processes' } = task;
  return { atOnce: membersAtOnce, way: membersWay === 'stack' ? 'stack' : 'processes' };
}

export interface MembersOptions extends PieceOptions {
  /** Called after each finished piece of a descent. */
  readonly onPiece: (descent: PendingDescent, piece: Piece, validation: readonly ValidationPoint[]) => void;
}

/** Performs independent descents: one after the other, or at once as `MembersAtOnce` says. */
export class Members {
  readonly #members: MembersAtOnce;
  readonly #requests: Requests;
  readonly #onPiece: MembersOptions['onPiece'];
  /** One per lane, since each measures how long its own steps take. */
  readonly #pieces: readonly Pieces[];

  /** @param pieces the executor's pieces, which the first lane uses too */
  constructor(members: MembersAtOnce, requests: Requests, pieces: Pieces, options: MembersOptions) {
    this.#members = members;
    this.#requests = requests;
    this.#onPiece = options.onPiece;
    const lanes = members.way === 'processes' ? members.atOnce : 1;
    this.#pieces = Array.from({ length: lanes }, (_, k) => (k === 0 ? pieces : new Pieces(options)));
  }

  /** Sends descents one after the other in pieces, or up to `atOnce` of them at once. */
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

  /** Runs the common prefix as a stack, then the remaining steps of longer descents one descent after the other. */
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
    const [{ validateEvery }] = requests;
    const { loss, finite, validation } = await this.#requests.request('descendStack', {
      points: requests.map(({ point }) => point),
      streams: requests.map(({ stream }) => stream),
      starts: requests.map(({ start }) => start),
      solver: solverOf(requests[0].solver),
      ...emaOf(requests[0].ema),
      lr,
      ...(validateEvery !== undefined && { validateEvery }),
    });
    for (const [k, descent] of group.entries()) {
      const own = loss.subarray(k * steps, (k + 1) * steps);
      const points = validation[k] ?? []; // none in answers of earlier versions
      this.#take(descent, piece, { loss: own, finite: finite[k], captured: new Float32Array(), validation: points });
    }
  }

  #take(descent: PendingDescent, piece: Piece, answer: PieceAnswer): void {
    this.#onPiece(descent, piece, descent.take(piece, answer));
  }
}

/** Reports whether descents are plain and have the same solver and running average, so that one update can move all of them. */
function isStackable(group: readonly PendingDescent[]): boolean {
  const ruleOf = ({ program }: PendingDescent) => ({ ...solverOf(program.solver), ...emaOf(program.ema) });
  const [first] = group.map(ruleOf);
  const isAlike = (descent: PendingDescent) => descent.isPlain && isDeepStrictEqual(ruleOf(descent), first);
  return group.length > 1 && group.every(isAlike);
}
