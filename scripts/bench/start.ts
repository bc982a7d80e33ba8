/**
 * Measures how soon the command answers: `dsptt --help`, and from `dsptt run` to the first finished training steps,
 * with the CPU time of Node and the worker until then. In a checkout the warm-up compiles the sources that have
 * changed.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { findPython, PACKAGE_ROOT } from '../../src/bridge/workers/python';
import { atMost, type Bench, type Row, rowOf } from './bench';
import { cpuOfTree } from './measure/cpu';
import { median, secondsOf } from './measure/interleave';
import { pairedRatio } from './measure/pairs';

const HELP_S = 0.3;
const FIRST_STEPS_S = 5;
const BEYOND_TORCH_S = 1;
const DSPTT = join(PACKAGE_ROOT, 'scripts', 'dsptt.js');
const MOST_RUNS = { quick: 2, full: 15 };
const LOOK_MS = 5;
const IMPORT_OF_TORCH = `
import resource, subprocess, sys
subprocess.run([sys.executable, "-c", "import torch"], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime)`;
const COUNTS_CPU = process.platform === 'linux';
const recordSchema = z.object({ kind: z.string(), op: z.string().optional(), c: z.int().optional() });

/** Times of one round, in seconds. */
interface Measured {
  readonly node: number;
  readonly help: number;
  readonly steps: number;
  readonly stepsCpu: number;
  readonly torchCpu: number;
}

export const start: Bench = {
  name: 'start',
  compares:
    'time until `dsptt --help` has ended over 0.3 s, until the first steps of a run are done over 5 s, and its CPU time over that of `import torch` and 1 s',
  run: async ({ pairs, quick }) => {
    const directory = mkdtempSync(join(tmpdir(), 'dsptt-bench-'));
    try {
      return await measure(directory, Math.min(pairs, MOST_RUNS[quick ? 'quick' : 'full']));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

async function measure(directory: string, runs: number): Promise<Row[]> {
  const measured: Measured[] = [];
  for (let run = -1; run < runs; run += 1) {
    const one = {
      ...(await untilFirstSteps(directory)),
      node: await ended(['-e', '0']),
      help: await ended([DSPTT, '--help']),
      torchCpu: importOfTorch(),
    };
    if (run >= 0) measured.push(one);
  }
  const middle = (key: keyof Measured) => median(measured.map((one) => one[key]));
  const row = (name: string, ratio: (one: Measured) => number, absolute: Row['absolute']) =>
    rowOf(`start: ${name}`, pairedRatio(measured.map(ratio)), atMost(1), absolute);
  const times = [
    row(`dsptt --help, over ${HELP_S} s`, ({ help }) => help / HELP_S, {
      'help ms': 1000 * middle('help'),
      'node alone ms': 1000 * middle('node'),
    }),
    row(`from command to first steps on digits, over ${FIRST_STEPS_S} s`, ({ steps }) => steps / FIRST_STEPS_S, {
      s: middle('steps'),
    }),
  ];
  if (!COUNTS_CPU) return times;
  return [
    ...times,
    row(
      `CPU until the first steps on digits, over that of import torch and ${BEYOND_TORCH_S} s`,
      ({ stepsCpu, torchCpu }) => stepsCpu / (torchCpu + BEYOND_TORCH_S),
      { 'CPU s': middle('stepsCpu'), 'import torch CPU s': middle('torchCpu') },
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

/** Returns the CPU time of `python -c 'import torch'`, in seconds. */
function importOfTorch(): number {
  return Number(execFileSync(findPython(), ['-c', IMPORT_OF_TORCH]));
}

/** Times a run until its journal has the answer to the first piece of tier 0. */
async function untilFirstSteps(directory: string): Promise<Pick<Measured, 'steps' | 'stepsCpu'>> {
  const out = join(directory, 'run');
  const begun = performance.now();
  const child = spawn(process.execPath, [DSPTT, 'run', '--preset', 'digits', '--out', out, '--quiet'], {
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
    return { steps: (performance.now() - begun) / 1000, stepsCpu: COUNTS_CPU && child.pid ? cpuOfTree(child.pid) : 0 };
  } finally {
    child.kill('SIGTERM');
    await exited;
    rmSync(out, { recursive: true, force: true });
  }
}

/** True if a descent has its answer. */
function hasSteps(journal: string): boolean {
  if (!existsSync(journal)) return false;
  const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
  const records = lines.map((line) => recordSchema.parse(JSON.parse(line)));
  const asked = records.find(({ op }) => op === 'descend')?.c;
  return asked !== undefined && records.some(({ kind, c }) => kind === 'result' && c === asked);
}
