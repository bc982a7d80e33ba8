import { isDeepStrictEqual } from 'node:util';
import { Dealer } from 'zeromq';
import type { Op } from '../../src/bridge/wire/protocol';
import type { WorkerExit, WorkerHandle } from '../../src/bridge/workers/launcher';
import { LocalLauncher } from '../../src/bridge/workers/local-launcher';
import { Worker } from '../../src/bridge/workers/worker';
import { Attacker } from './attacker';
import { type Frames, Hostile } from './hostile';
import { residentMiB } from './processes';
import { descent, encodeAnswer, encodeFailure, OPEN, OPS, request } from './samples';
import { frameOf, sendRaw } from './zmtp';

const CONTROL_OPS: readonly Op[] = ['beat', 'cancel']; // a shutdown would be obeyed
const BETWEEN = 500; // messages between two good requests
const UNREAD = 2000; // requests of the client that reads no answer
const HUGE = [2n ** 31n + 1n, 2n ** 40n, 2n ** 62n, 2n ** 63n, 2n ** 64n - 1n];

/** Result of an attack on a worker. */
export interface Attack {
  readonly messages: number;
  readonly answers: number;
  /** Number of good requests in between and afterwards, all of which were answered right. */
  readonly goodRequests: number;
  /** Errors that the worker did not foresee, each kind once. */
  readonly unforeseen: readonly string[];
  readonly grownMiB: number;
  readonly seconds: number;
  /** Exit of the worker after the request to end, and its output. */
  readonly exit: WorkerExit;
}

/**
 * Attacks one worker with clients that send anything, to both sockets, greeted and not; with a client that reads no
 * answer; and with connections that declare frames of up to 2^64 bytes.
 * @throws Error if a good request is not answered right, or is answered by another process than before
 */
export async function attackWorker(messages: number, seed: number, firstBlock = 0): Promise<Attack> {
  const handle = await new LocalLauncher().start();
  const worker = await Worker.start({ start: async () => handle }, { window: 1 });
  const attackers = [handle.work, handle.work, handle.work, handle.control].map((address) => new Attacker(address));
  try {
    const began = performance.now();
    const expected = await goodAnswers(worker);
    const memory: number[] = [];
    await attack(handle, attackers, { messages, seed, firstBlock }, async () => {
      const isSame = isDeepStrictEqual(await goodAnswers(worker), expected);
      if (!isSame) throw new Error('a good request was answered wrongly');
      memory.push(residentMiB(worker.hello.pid));
    });
    return {
      messages: sum(attackers.map(({ sent }) => sent)),
      answers: sum(attackers.map(({ answered }) => answered)),
      goodRequests: memory.length,
      unforeseen: [...new Set(attackers.flatMap(({ unforeseen }) => unforeseen))],
      grownMiB: Math.max(...memory) - memory[0],
      seconds: (performance.now() - began) / 1000,
      exit: await closed(worker, handle, attackers),
    };
  } finally {
    await closed(worker, handle, attackers);
  }
}

/** Performs the attack; `check` tests the worker in between. */
async function attack(
  handle: WorkerHandle,
  attackers: readonly Attacker[],
  { messages, seed, firstBlock }: { messages: number; seed: number; firstBlock: number },
  check: () => Promise<void>,
): Promise<void> {
  await Promise.all(attackers.slice(0, 2).map((attacker) => attacker.greet()));
  const sources = attackers.map((_, k) => new Hostile(k === 3 ? CONTROL : WORK, seed + k, firstBlock));
  while (sum(attackers.map(({ sent }) => sent)) < messages) {
    await Promise.all(attackers.map((attacker, k) => sendAll(attacker, sources[k], BETWEEN / attackers.length)));
    await check();
  }
  for (const size of HUGE) await Promise.all([handle.work, handle.control].map((to) => declare(to, size)));
  await check();
  await floodUnread(handle.work);
  await check();
}

/** Requests as a client sends them, and answers, which no client should send. */
const WORK: readonly Frames[] = [
  ...OPS.filter((op) => op !== 'shutdown').map((op) => request(op)),
  encodeAnswer(7, 'client', { finite: true, loss: new Float32Array(2) }),
  encodeFailure(1, 'client'),
];
const CONTROL: readonly Frames[] = CONTROL_OPS.map((op) => request(op));

/** Returns the answers to a few good requests, which are bit-identical each time. */
async function goodAnswers(worker: Worker): Promise<unknown> {
  const { pid } = await worker.request('hello', { protocol: worker.hello.protocol });
  const opened = await worker.request('open', OPEN);
  await worker.request('newPoint', { point: 'a', stream: 'init' });
  const { loss } = await worker.request('descend', descent('a', 5));
  await worker.request('newPath', { path: 'p', origin: 'a', stream: 'v', scale: 'layer' }); // for the attackers
  return { pid, opened, loss };
}

async function sendAll(attacker: Attacker, source: Hostile, count: number): Promise<void> {
  for (let k = 0; k < count; k += 1) await attacker.send(source.next().frames);
  await attacker.settled();
}

/** Declares a frame of `size` bytes and sends none of them: the worker must close the connection. */
function declare(address: string, size: bigint): Promise<void> {
  return sendRaw(address, frameOf(size), new Promise(() => {}));
}

/** Sends many requests, reads no answer, and disconnects. */
async function floodUnread(address: string): Promise<void> {
  const socket = new Dealer({ linger: 0, receiveHighWaterMark: 1, sendHighWaterMark: 1 });
  socket.connect(address);
  for (const frames of [request('hello'), ...new Array<Frames>(UNREAD).fill(request('savePoint'))]) {
    await socket.send(frames.map((frame) => Buffer.from(frame)));
  }
  socket.close();
}

async function closed(worker: Worker, handle: WorkerHandle, attackers: readonly Attacker[]): Promise<WorkerExit> {
  for (const attacker of attackers) await attacker.close();
  await worker.close();
  return handle.exited;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
