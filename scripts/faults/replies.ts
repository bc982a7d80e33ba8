import { decodeAnswer, decodeHeader } from '../../src/bridge/wire/codec';
import type { Op } from '../../src/bridge/wire/protocol';
import { ProtocolError } from '../../src/errors';
import { Dice } from './dice';
import { type Frames, Hostile } from './hostile';
import { MemoryWatch, ownMiB } from './processes';
import { encodeFailure, REPLIES } from './samples';

/** A decoder's violation. */
export interface Finding {
  readonly what: string;
  /** The input, hexadecimal, a frame a word. */
  readonly input: string;
  readonly rerun: string;
}

export interface Fuzzed {
  readonly inputs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly findings: readonly Finding[];
  /** Processor time, not wall time: the machine may be busy otherwise. */
  readonly seconds: number;
  /** The slowest input, in milliseconds. */
  readonly slowestMs: number;
  /** Largest growth of resident memory after the first block, in MiB. */
  readonly grownMiB: number;
}

const SLOW_MS = 1000; // an input that takes longer, however often it is tried, hangs the client
const LOOK_EVERY = 1 << 16;
const MAX_FINDINGS = 20;

/** Decodes hostile replies of a seed; each must be decoded completely or be refused with a ProtocolError. */
export function fuzzReplies(rounds: number, seed: number, firstBlock = 0): Fuzzed {
  const hostile = new Hostile([...REPLIES.map(({ frames }) => frames), encodeFailure(1, 'worker')], seed, firstBlock);
  const dice = new Dice(seed, firstBlock);
  const findings: Finding[] = [];
  const memory = new MemoryWatch();
  const began = process.cpuUsage();
  let [accepted, slowestMs] = [0, 0];
  for (let k = 0; k < rounds && findings.length < MAX_FINDINGS; k += 1) {
    const { frames, made } = hostile.next();
    const asked = (dice.isOneIn(8) ? undefined : REPLIES[made ?? REPLIES.length]) ?? dice.pick(REPLIES);
    const before = performance.now();
    const outcome = decoded(frames, asked.op);
    let tookMs = performance.now() - before;
    if (tookMs > SLOW_MS) tookMs = quickest(() => decoded(frames, asked.op)); // the machine may have been busy otherwise
    slowestMs = Math.max(slowestMs, tookMs);
    if (outcome === 'accepted') accepted += 1;
    const wrong = tookMs > SLOW_MS ? `takes ${Math.round(tookMs)} ms` : outcome;
    if (wrong !== 'accepted' && wrong !== 'refused') findings.push(finding(wrong, frames, seed, hostile.block));
    if (k % LOOK_EVERY === LOOK_EVERY - 1) memory.look(ownMiB());
  }
  if ('polluted' in {}) findings.push(finding('Object.prototype was changed', [], seed, firstBlock));
  const { user, system } = process.cpuUsage(began);
  const seconds = (user + system) / 1e6;
  return {
    inputs: rounds,
    accepted,
    refused: rounds - accepted,
    findings,
    seconds,
    slowestMs,
    grownMiB: memory.grownMiB,
  };
}

function quickest(run: () => unknown): number {
  const times = [1, 2, 3, 4, 5].map(() => {
    const before = performance.now();
    run();
    return performance.now() - before;
  });
  return Math.min(...times);
}

/** Returns `accepted`, `refused`, or a description of the failure. */
export function decoded(frames: Frames, op: Op): string {
  try {
    const header = decodeHeader(frames);
    if (header.status === 'ok') decodeAnswer(op, header, frames);
    return 'accepted';
  } catch (error) {
    if (error instanceof ProtocolError && error.message.length < 5000) return 'refused';
    return String(error instanceof Error ? (error.stack ?? error) : error).slice(0, 2000);
  }
}

function finding(what: string, frames: Frames, seed: number, block: number): Finding {
  return {
    what,
    input: frames.map((frame) => Buffer.from(frame.subarray(0, 4096)).toString('hex')).join(' '),
    rerun: `npm run test:faults -- decoders --seed ${seed} --first-block ${block} --rounds ${LOOK_EVERY}`,
  };
}
