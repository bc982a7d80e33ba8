import { decodeHeader } from '../../src/bridge/wire/codec';
import { Worker } from '../../src/bridge/workers/worker';
import { DspttError, ProtocolError } from '../../src/errors';
import { Dice } from './dice';
import { type Frames, Hostile } from './hostile';
import { babble, HostileWorker, SENDER, TOGETHER } from './hostile-worker';
import { MemoryWatch, ownMiB } from './processes';
import { encodeFailure, OPS, reply } from './samples';

const REQUESTS = 2 * TOGETHER; // requests of a session
const LIES = 4; // lies before each answer
const NEVER_MS = 2 ** 31 - 1;
const PATIENCE_MS = 60_000; // a session takes milliseconds: one that takes this long hangs

/** Result of lying to a client. */
export interface Deceived {
  readonly messages: number;
  readonly sessions: number;
  readonly right: number;
  /** Number of requests that ended with a typed error. */
  readonly refused: number;
  /** Number of sessions that the client ended because the worker broke the protocol. */
  readonly broken: number;
  /** Unexpected events. */
  readonly findings: readonly string[];
  readonly grownMiB: number;
  readonly seconds: number;
}

/**
 * Runs a client through session after session with a worker that in turn babbles (every request must get its own right
 * answer), lies in any way, and lies in messages with a good header (every request must end with an answer of the right
 * form or a typed error).
 */
export async function deceiveClient(messages: number, seed: number, firstBlock = 0): Promise<Deceived> {
  const hostile = new Hostile(truths(), seed, firstBlock);
  const counts = { messages: 0, sessions: 0, right: 0, refused: 0, broken: 0 };
  const findings: string[] = [];
  const note = (what: unknown) => findings.push(String(what instanceof Error ? what.stack : what).slice(0, 1000));
  process.on('unhandledRejection', note);
  const memory = new MemoryWatch();
  const began = performance.now();
  while (counts.messages < messages && findings.length === 0) {
    const manner = counts.sessions % 3;
    const isBabble = manner === 0;
    const lies = () => Array.from({ length: LIES }, () => (manner === 1 ? hostile.next().frames : plausible(hostile)));
    const handle = await HostileWorker.start(new Dice(seed, firstBlock, counts.sessions), isBabble ? babble : lies);
    const worker = await Worker.start({ start: async () => handle }, { window: TOGETHER, beatMs: NEVER_MS });
    for (const outcome of await session(worker)) {
      if (outcome === 'right') counts.right += 1;
      else if (outcome instanceof DspttError && !isBabble) counts.refused += 1;
      else if (outcome !== 'answered' || isBabble) note(outcome);
    }
    if (worker.failure instanceof ProtocolError) counts.broken += 1;
    counts.sessions += 1;
    counts.messages += handle.lied;
    await worker.close();
    if (counts.sessions % 64 === 1) memory.look(ownMiB());
  }
  process.off('unhandledRejection', note);
  return { ...counts, findings, grownMiB: memory.grownMiB, seconds: (performance.now() - began) / 1000 };
}

/** Returns the outcome of each request of a session: `right`, `answered` otherwise, or the error. */
async function session(worker: Worker): Promise<readonly unknown[]> {
  const outcomes: unknown[] = [];
  for (let first = 0; first < REQUESTS; first += TOGETHER) {
    const requests = Array.from({ length: TOGETHER }, (_, k) => ask(worker, first + k + 2)); // the hello was 1
    outcomes.push(...(await inTime(Promise.all(requests))));
  }
  return outcomes;
}

async function ask(worker: Worker, id: number): Promise<unknown> {
  try {
    if (id % 2 === 0) {
      const { loss } = await worker.request('probe', { point: 'a', stream: 's', batches: 1 });
      return loss === id ? 'right' : 'answered';
    }
    const { targets } = await worker.request('targets', { split: 'test' });
    return targets.length === 2 && targets[0] === id && targets[1] === id + 0.5 ? 'right' : 'answered';
  } catch (error) {
    return error;
  }
}

/** Returns a lie with a valid header, which is detected only by comparison with the request. */
function plausible(hostile: Hostile): Frames {
  for (;;) {
    const { frames } = hostile.next();
    try {
      decodeHeader(frames);
      return frames;
    } catch {} // invalid header: try the next message
  }
}

/** Returns the outcomes, or a finding if they never come. */
function inTime(outcomes: Promise<readonly unknown[]>): Promise<readonly unknown[]> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve([`no end after ${PATIENCE_MS} ms`]), PATIENCE_MS);
    outcomes.then((all) => {
      clearTimeout(timer);
      resolve(all);
    });
  });
}

/** Returns right answers of the worker to the requests of a session, to be damaged. */
function truths(): readonly Frames[] {
  const ids = Array.from({ length: REQUESTS }, (_, k) => k + 2);
  return [
    ...ids.flatMap((id) => [reply(id % 2 === 0 ? 'probe' : 'targets', id, SENDER), encodeFailure(id, SENDER)]),
    ...OPS.map((op) => reply(op, 2, SENDER)),
  ];
}
