/**
 * Measures the cost of a viewer: the wall time of a run that a browser follows, shown by the run's own process (`run
 * --watch`) or by another one (`watch`), against the same run without a viewer; one torch thread,
 * interleaved pairs of DSP-TT on digits.
 * Run with `npx ts-node -T scripts/bench/live-view.ts [--pairs N]`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveConfig } from '../../src/config/resolve';
import type { Config, ConfigInput } from '../../src/config/schema';
import { Session } from '../../src/run/session/session';
import { ViewServer } from '../../src/watch/http/server';
import { singleRun } from '../../src/watch/run-folder';
import { atMost, type Bench, type Row, rowOf } from './bench';
import { interleave, median, secondsOf, timeRatio } from './measure/interleave';
import { rowsTable } from './measure/report';
import { SHORT_RUN } from './measure/tasks';

const TARGET = 1.01;

export const liveView: Bench = {
  name: 'live-view',
  compares: 'time of a run that a browser follows over the same run unseen',
  run: ({ pairs, quick, device }) =>
    quick ? compare({ pairs: 1, device, ways: WAYS.slice(0, 1), changes: SHORT_RUN }) : compare({ pairs, device }),
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { pairs: { type: 'string' } } });
  const rows = await compare({ pairs: Number(values.pairs ?? 11), device: 'cpu' });
  console.log(`CPU, 1 thread; ${new Date().toISOString()}`);
  console.log(rowsTable(rows));
}

interface Comparing {
  readonly pairs: number;
  readonly device: string;
  readonly ways?: typeof WAYS;
  readonly changes?: ConfigInput;
}

async function compare({ pairs, device, ways = WAYS, changes = {} }: Comparing): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'dsptt-bench-'));
  const session = await Session.start();
  const values = { preset: 'digits', method: 'dsp-tt', threads: 1, device };
  const config = resolveConfig([values, changes].map((layer) => ({ from: 'live-view', values: layer })));
  try {
    const rows: Row[] = [];
    for (const [name, show] of ways) rows.push(await measure(name, show, { session, config, pairs, directory }));
    return rows;
  } finally {
    await session.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Measuring {
  readonly session: Session;
  readonly config: Config;
  readonly pairs: number;
  readonly directory: string;
}

async function measure(name: string, show: Show, { session, config, pairs, directory }: Measuring): Promise<Row> {
  const out = join(directory, 'run');
  const run = async () => {
    const seconds = await secondsOf(() => session.run(config, { out }));
    rmSync(out, { recursive: true });
    return seconds;
  };
  const seen = async () => {
    const shown = await show(out);
    const reader = await browser(shown.url);
    const seconds = await run();
    reader.kill();
    await shown.end();
    return seconds;
  };
  const found = await interleave(pairs, seen, run);
  const absolute = { 'seen s': median(found.first), 'unseen s': median(found.second) };
  return rowOf(`live view: ${name}`, timeRatio(found), atMost(TARGET), absolute);
}

/** Shows the run of a directory that is about to be created. */
type Show = (out: string) => Promise<{ readonly url: string; readonly end: () => Promise<void> }>;

const WAYS: readonly (readonly [string, Show])[] = [
  ['run --watch', shownHere],
  ['watch', shownElsewhere],
];

async function shownHere(out: string): ReturnType<Show> {
  const server = await ViewServer.start(singleRun(out));
  return { url: server.url, end: () => server.close() };
}

/** Shows the run in its own process, as `watch` does; it is ready before the run begins. */
async function shownElsewhere(out: string): ReturnType<Show> {
  const child = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', __filename, '--show', out], {
    cwd: resolve(__dirname, '..', '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(child.stdout, 'data');
  return { url: String(url).trim(), end: () => ended(child) };
}

async function ended(child: ChildProcess): Promise<void> {
  const over = once(child, 'close');
  child.kill();
  await over;
}

/** Starts a process that reads all events as a browser would; it is connected before the run begins. */
async function browser(url: string): Promise<ChildProcess> {
  const program = `require('node:http').get('${url}events', (response) => { console.log('looks'); response.resume(); })`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

async function serve(out: string): Promise<void> {
  const { url } = await shownHere(out);
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL); // as `watch` does
  console.log(url);
}

if (require.main === module) {
  const [, , flag, out] = process.argv;
  const work = flag === '--show' ? serve(out) : main();
  work.catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
