/** How soon the compiled command answers: `dsptt --help`, and from `dsptt run` to the first finished training steps. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { findPython } from '../../src/bridge/workers/python';
import { atMost, type Bench, type Row, rowOf } from './bench';
import { installed } from './installed';
import { median, secondsOf } from './interleave';
import { pairedRatio } from './pairs';

const HELP_S = 0.3;
const FIRST_STEP_S = 5;
const MOST_RUNS = { quick: 2, full: 15 };
const LOOK_MS = 5;
const recordSchema = z.object({ kind: z.string(), op: z.string().optional(), c: z.int().optional() });

export const start: Bench = {
  name: 'start',
  compares: 'time until `dsptt --help` has ended over 0.3 s, and until the first steps of a run are done over 5 s',
  run: async ({ pairs, quick }) => {
    const directory = mkdtempSync(join(tmpdir(), 'dsptt-bench-'));
    try {
      return await measure(installed(directory), directory, Math.min(pairs, MOST_RUNS[quick ? 'quick' : 'full']));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

async function measure(dsptt: string, directory: string, runs: number): Promise<Row[]> {
  const [bare, help, first] = [[], [], []] as number[][];
  for (let run = -1; run < runs; run += 1) {
    const seconds = [await ended(['-e', '0']), await ended([dsptt, '--help']), await untilFirstStep(dsptt, directory)];
    if (run >= 0) for (const [k, all] of [bare, help, first].entries()) all.push(seconds[k]);
  }
  const over = (seconds: readonly number[], limit: number) => pairedRatio(seconds.map((value) => value / limit));
  return [
    rowOf(`start: dsptt --help, over ${HELP_S} s`, over(help, HELP_S), atMost(1), {
      'help ms': 1000 * median(help),
      'node alone ms': 1000 * median(bare),
    }),
    rowOf(
      `start: from command to first steps on digits, over ${FIRST_STEP_S} s`,
      over(first, FIRST_STEP_S),
      atMost(1),
      {
        s: median(first),
      },
    ),
  ];
}

function ended(args: readonly string[]): Promise<number> {
  return secondsOf(async () => {
    const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'ignore', 'inherit'] });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  });
}

/** A run's journal says when the first piece of tier 0 is done. */
async function untilFirstStep(dsptt: string, directory: string): Promise<number> {
  const out = join(directory, 'run');
  const begun = performance.now();
  const child = spawn(process.execPath, [dsptt, 'run', '--preset', 'digits', '--out', out, '--quiet'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DSPTT_PYTHON: findPython() },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const exited = once(child, 'exit');
  try {
    while (!hasSteps(join(out, 'journal.jsonl'))) {
      if (child.exitCode !== null) throw new Error(`dsptt run ended before its first step: ${said}`);
      await pause(LOOK_MS);
    }
    return (performance.now() - begun) / 1000;
  } finally {
    child.kill('SIGTERM');
    await exited;
    rmSync(out, { recursive: true, force: true });
  }
}

/** Whether a descent has its answer. */
function hasSteps(journal: string): boolean {
  if (!existsSync(journal)) return false;
  const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
  const records = lines.map((line) => recordSchema.parse(JSON.parse(line)));
  const asked = records.find(({ op }) => op === 'descend')?.c;
  return asked !== undefined && records.some(({ kind, c }) => kind === 'result' && c === asked);
}
