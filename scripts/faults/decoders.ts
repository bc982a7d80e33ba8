import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { findPython, PACKAGE_ROOT } from '../../src/bridge/workers/python';
import type { FaultOptions } from './options';
import { type Fuzzed, fuzzReplies } from './replies';

/** Maximum growth of a process's memory in a run. */
const MAX_GROWN_MIB = 64;

const fromPython = z.object({
  inputs: z.number(),
  accepted: z.number(),
  refused: z.number(),
  findings: z.array(z.object({ what: z.string(), block: z.number(), frames: z.array(z.string()) })),
  seconds: z.number(),
  slowestMs: z.number(),
  grownMiB: z.number(),
});

/** Feeds hostile bytes to both decoders, in process: replies to TypeScript's, then requests to Python's. */
export async function run({ rounds = 1_000_000, seed, firstBlock }: FaultOptions): Promise<boolean> {
  Error.stackTraceLimit = 0; // millions of errors, whose stack traces are not read
  const ours = fuzzReplies(rounds, seed, firstBlock);
  console.log(summary('TypeScript, replies', ours));
  const theirs = await fuzzRequests(rounds, seed, firstBlock);
  console.log(summary('Python, requests', theirs));
  return [ours, theirs].every(isWell);
}

/** Fuzzes Python's decoder in its own process. */
export async function fuzzRequests(rounds: number, seed: number, firstBlock = 0): Promise<Fuzzed> {
  const script = join(PACKAGE_ROOT, 'python', 'tests', 'fuzz_decoder.py');
  const options = ['--rounds', rounds, '--seed', seed, '--first-block', firstBlock].map(String);
  const env = { ...process.env, OMP_NUM_THREADS: '1' };
  const { stdout } = await promisify(execFile)(findPython(), [script, ...options], { env, maxBuffer: 2 ** 28 });
  const fuzzed = fromPython.parse(JSON.parse(stdout));
  return {
    ...fuzzed,
    findings: fuzzed.findings.map(({ what, block, frames }) => ({
      what,
      input: frames.map((frame) => Buffer.from(frame, 'base64').toString('hex')).join(' '),
      rerun: `npm run test:faults -- decoders --seed ${seed} --first-block ${block} --rounds 65536`,
    })),
  };
}

/** True if nothing was found and memory did not grow beyond the limit. */
export function isWell({ findings, grownMiB }: Fuzzed): boolean {
  return findings.length === 0 && grownMiB <= MAX_GROWN_MIB;
}

function summary(side: string, fuzzed: Fuzzed): string {
  const { inputs, accepted, refused, findings, seconds, slowestMs, grownMiB } = fuzzed;
  const counts = `${inputs} inputs, ${accepted} accepted, ${refused} refused, ${findings.length} findings`;
  const cost = `${Math.round(inputs / seconds)} a second of processor time, slowest ${slowestMs.toFixed(0)} ms`;
  const found = findings.map(({ what, input, rerun }) => `\n  ${what}\n  input: ${input}\n  again: ${rerun}`);
  return `${side}: ${counts}; ${cost}; memory grew by ${grownMiB.toFixed(1)} MiB${found.join('')}`;
}
