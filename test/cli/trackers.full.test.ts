import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { FAST_SEARCH_FLAGS, ROOT } from '../builders';
import { askPython } from '../python';
import { CommandLine } from './dsptt';
import { SEARCH } from './interrupts/interrupts';

const cli = new CommandLine();
const RUN = ['run', '--preset=wine', '--budget=250', '--seed=0', '--quiet', ...FAST_SEARCH_FLAGS];
/** Nobody listens there: the port is for a service that is long gone. */
const NOBODY = 'http://127.0.0.1:9';

/** All curves below a folder, as TensorBoard reads them, by folder and tag: every point that was ever written. */
const READ = `
from pathlib import Path
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
answer = {}
for file in Path(given).rglob("events.*"):
    events = EventAccumulator(str(file.parent), {"scalars": 0}, purge_orphaned_data=False).Reload()
    for tag in events.Tags()["scalars"]:
        answer[f"{file.parent.relative_to(given)}/{tag}"] = [[e.step, e.value] for e in events.Scalars(tag)]`;

const curves = (folder: string) =>
  z
    .record(z.string(), z.array(z.tuple([z.number(), z.number()])))
    .parse(askPython(READ, path.join(cli.directory, folder)));

/** The columns of a trace of the run, row after row. */
const trace = (run: string, name: string) => {
  const [head, ...rows] = cli
    .read(path.join(run, 'traces', `${name}.csv`))
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(head.map((column, k) => [column, row[k]])));
};

describe('dsptt run --log', () => {
  it('tells TensorBoard of every step while the run goes on, the same as an export tells it later', async () => {
    const ended = await cli.run([...RUN, '--out=runs/a', '--log=tensorboard:live']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const live = curves('live');
    const losses = trace('runs/a', 'descent-tier0').map(({ step, loss }) => [Number(step), Math.fround(Number(loss))]);
    expect(live['a/tier0/descent/loss']).toEqual(losses);
    const own = trace('runs/a', 'search-tier1').filter((row) => row.path === 'tier1-1');
    expect(live['a/tier1-1/search/loss'].map(([, loss]) => loss)).toEqual(
      own.map(({ loss }) => Math.fround(Number(loss))),
    );
    expect(live['a/tier1-1/search/rho1'].at(-1)?.[1]).toBeCloseTo(Number(own.at(-1)?.rho1), 5);
    expect(await cli.run(['export', 'runs/a', 'later', '--to', 'tensorboard'])).toMatchObject({ code: 0, stderr: '' });
    const later = curves('later');
    expect(Object.keys(later).sort()).toEqual(Object.keys(live).sort());
    expect(later['a/tier1-1/search/norm']).toEqual(live['a/tier1-1/search/norm']);
  });

  it('goes on without a server that is away, says so, and changes nothing in the result', async () => {
    const ended = await cli.run([...RUN, '--out=runs/b', `--log=mlflow:${NOBODY}`], {
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0',
    });
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(
      /^mlflow gets no more of the run: MLflow at http:\/\/127\.0\.0\.1:9 cannot be reached, or refuses: .*\. The run goes on; send it later by `npx --no dsptt export runs\/b http:\/\/127\.0\.0\.1:9 --to mlflow`\n$/,
    );
    const withoutTimes = (run: string) => ({ ...JSON.parse(cli.read(path.join(run, 'result.json'))), timings: null });
    expect(withoutTimes('runs/b')).toEqual(withoutTimes('runs/a'));
  });

  it('goes on with the curves of a run that was interrupted, and writes no point twice', async () => {
    const long = ['run', '--preset=wine', '--budget=8000', ...FAST_SEARCH_FLAGS, ...SEARCH, '--out=runs/cut'];
    const run = cli.start([...long, '--log=tensorboard:cut']);
    await run.errorOutput(/search of tier 1/);
    run.child.kill('SIGINT');
    expect(await run.ended).toMatchObject({ code: 130 });
    const before = curves('cut')['cut/tier0/descent/loss'];
    expect(before.length).toBeGreaterThan(0);
    expect(await cli.run(['resume', 'runs/cut', '--log=tensorboard:cut', '--quiet'])).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^tier1: 0 of 3 paths found an exit: [^\n]*\n$/),
    });
    const after = curves('cut');
    expect(after['cut/tier0/descent/loss'].slice(0, before.length)).toEqual(before);
    expect(await cli.run(['export', 'runs/cut', 'whole', '--to', 'tensorboard'])).toMatchObject({ code: 0 });
    expect(after).toEqual(curves('whole'));
    const again = await cli.run(['resume', 'runs/cut', '--log=tensorboard:cut', '--quiet']);
    const words = 'runs/cut has finished: `npx --no dsptt export runs/cut cut --to tensorboard` sends it\n';
    expect(again).toMatchObject({ code: 0, stderr: words });
    expect(curves('cut')).toEqual(after);
  });

  it('refuses what is no tracker, and runs that have no curves, before anything is done', async () => {
    const [unknown, analytic] = await cli.runInOneProcess([
      [...RUN, '--out=runs/c', '--log=wandb:x'],
      ['run', '--preset=six-hump-camel', '--out=runs/c', '--log=tensorboard:x'],
    ]);
    expect(unknown).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/a tracker is tensorboard:DIR or mlflow:URI/),
    });
    expect(analytic).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^UsageError: --log does not apply to a closed-form/),
    });
    expect(cli.left.runs).not.toContain('c');
  });
});

/** MLflow's own server on this machine; it leaves when its standard input ends. */
async function mlflowServer() {
  const python = path.join(ROOT, 'scripts', 'python.js');
  const program = path.join(ROOT, 'python', 'tests', 'mlflow_server.py');
  const folder = path.join(cli.directory, 'server');
  fs.mkdirSync(folder);
  const script = `import os, runpy; os.chdir(${JSON.stringify(folder)}); runpy.run_path(${JSON.stringify(program)})`;
  const server = spawn(process.execPath, [python, '-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = await once(createInterface(server.stdout), 'line');
  const close = async () => {
    server.stdin.end();
    await once(server, 'exit');
  };
  return { address: String(line), close };
}

/** All runs of a server: their names, their parents' names, how many numbers of a curve they have, and their files. */
const MLFLOW_RUNS = `
from mlflow import MlflowClient
client = MlflowClient(tracking_uri=given)
experiment = client.get_experiment_by_name("dsptt").experiment_id
runs = {run.info.run_id: run for run in client.search_runs([experiment])}
names = {id: run.info.run_name for id, run in runs.items()}
answer = [
    {
        "name": run.info.run_name,
        "parent": names.get(run.data.tags.get("mlflow.parentRunId")),
        "state": run.info.status,
        "losses": len(client.get_metric_history(id, "descent/loss")),
        "files": sorted(file.path for file in client.list_artifacts(id)),
    }
    for id, run in runs.items()
]`;

const mlflowRuns = z.array(
  z.object({
    name: z.string(),
    parent: z.string().nullable(),
    state: z.string(),
    losses: z.number(),
    files: z.array(z.string()),
  }),
);

describe('a real MLflow server', () => {
  it('has the run with its networks nested in it, told while it goes on or later', async () => {
    const server = await mlflowServer();
    try {
      const live = await cli.run([...RUN, '--out=runs/live', `--log=mlflow:${server.address}`]);
      expect(live).toMatchObject({ code: 0, stderr: '' });
      const later = await cli.run(['export', 'runs/a', server.address, '--to', 'mlflow']);
      expect(later).toMatchObject({ code: 0, stderr: '' });
      const runs = mlflowRuns.parse(askPython(MLFLOW_RUNS, server.address));
      for (const name of ['live', 'a']) {
        const files = [
          'config.json',
          'data.json',
          'ensembles.md',
          'members.md',
          'report.html',
          'result.json',
          'result.md',
        ];
        expect(runs.find((run) => run.name === name)).toMatchObject({
          parent: null,
          state: 'FINISHED',
          files: [...files, 'traces'],
        });
        const tier0 = runs.find((run) => run.name === 'tier0' && run.parent === name);
        expect(tier0).toMatchObject({ state: 'FINISHED', losses: trace(`runs/${name}`, 'descent-tier0').length });
      }
    } finally {
      await server.close();
    }
  });
});

describe('dsptt export to a tracker', () => {
  it('says what is wrong with the run, the place or the flags', async () => {
    fs.cpSync(path.join(cli.directory, 'runs', 'a'), path.join(cli.directory, 'cut'), { recursive: true });
    fs.truncateSync(path.join(cli.directory, 'cut', 'outputs', 'test', 'tier0.npy'), 100);
    const [away, none, flags, nowhere, damaged] = await cli.runInOneProcess(
      [
        ['export', 'runs/a', NOBODY, '--to', 'mlflow'],
        ['export', 'runs', 'x', '--to', 'tensorboard'],
        ['export', 'runs/a', 'x', '--to', 'tensorboard', '--member=tier0'],
        ['export', 'runs/a', '--to', 'mlflow'],
        ['export', 'cut', NOBODY, '--to', 'mlflow'],
      ],
      { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0', MLFLOW_TRACKING_URI: '' },
    );
    expect(away).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^DataError: MLflow at http:\/\/127\.0\.0\.1:9 cannot/),
    });
    expect(none).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^UsageError: runs is a folder of runs: name/),
    });
    expect(flags).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^UsageError: --ensemble, --member, --calibrated and/),
    });
    expect(nowhere).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^UsageError: say where MLflow's server is/),
    });
    expect(damaged).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^DataError: cut\/outputs\/test\/tier0.npy: /),
    });
  });
});
