import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from '@msgpack/msgpack';
import { Router } from 'zeromq';
import { z } from 'zod';
import type { WorkerHandle } from '../../src/bridge/workers/launcher';
import { socketDirectory } from '../../src/bridge/workers/local-launcher';
import type { Dice } from './dice';
import type { Frames } from './hostile';
import { encodeAnswer, encodeFailure, OPS, reply } from './samples';

const asked = z.object({ op: z.enum(OPS), id: z.int().positive() });
type Asked = z.infer<typeof asked>;

/** Name that the hostile worker gives in its hello. */
export const SENDER = 'worker';
/** Number of requests that are collected, then answered in any order. */
export const TOGETHER = 8;

/**
 * A worker that says hello correctly and answers every request in the end, out of order and among invalid messages:
 * before each answer come those of `lies`.
 */
export class HostileWorker implements WorkerHandle {
  readonly description = 'a hostile worker';
  readonly exited = new Promise<never>(() => {});
  readonly work: string;
  readonly control: string;
  /** Number of messages that it should not have sent. */
  lied = 0;
  readonly #directory: string;
  readonly #router = new Router({ linger: 0 });
  readonly #dice: Dice;
  readonly #lies: (to: Asked) => readonly Frames[];
  #collected: Asked[] = [];

  private constructor(directory: string, dice: Dice, lies: (to: Asked) => readonly Frames[]) {
    this.#directory = directory;
    this.#dice = dice;
    this.#lies = lies;
    this.work = `ipc://${join(directory, 'work')}`;
    this.control = this.work; // it answers either socket in the same way
  }

  static async start(dice: Dice, lies: (to: Asked) => readonly Frames[]): Promise<HostileWorker> {
    const worker = new HostileWorker(await socketDirectory(), dice, lies);
    await worker.#router.bind(worker.work);
    void worker.#serve();
    return worker;
  }

  async stop(): Promise<void> {
    this.#router.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #serve(): Promise<void> {
    for await (const [client, header] of this.#router) {
      const request = asked.parse(decode(header));
      if (request.op === 'shutdown') continue;
      if (request.op === 'hello') {
        await this.#send(client, reply('hello', request.id, SENDER));
        continue;
      }
      this.#collected.push(request);
      if (this.#collected.length === TOGETHER) await this.#answerAll(client);
    }
  }

  async #answerAll(client: Buffer): Promise<void> {
    const waiting = this.#collected.splice(0);
    const answered: Frames[] = [];
    while (waiting.length > 0) {
      const [request] = waiting.splice(this.#dice.below(waiting.length), 1);
      const lies = this.#lies(request);
      const twice = answered.length > 0 ? [this.#dice.pick(answered)] : [];
      for (const lie of [...lies, ...twice]) await this.#send(client, lie);
      this.lied += lies.length + twice.length;
      const answer = rightAnswer(request);
      await this.#send(client, answer);
      answered.push(answer);
    }
  }

  async #send(client: Buffer, frames: Frames): Promise<void> {
    if (frames.length === 0 || this.#router.closed) return; // ZeroMQ has no message without a frame
    await this.#router.send([client, ...frames.map((frame) => Buffer.from(frame))]);
  }
}

/** Returns the answer that belongs to this request alone. */
function rightAnswer({ op, id }: Asked): Frames {
  if (op === 'probe') return encodeAnswer(id, SENDER, { loss: id });
  if (op === 'targets') return encodeAnswer(id, SENDER, { targets: Float32Array.of(id, id + 0.5) });
  return reply(op, id, SENDER);
}

/** Returns messages that a client must ignore: those of other workers, and those about requests that it never sent. */
export function babble({ op, id }: Asked): readonly Frames[] {
  return [
    reply(op, id, 'another worker'),
    encodeFailure(id, 'another worker'),
    reply(op, id + 1000, SENDER),
    encodeFailure(id + 1000, SENDER),
    reply('beat', 0, SENDER),
  ];
}
