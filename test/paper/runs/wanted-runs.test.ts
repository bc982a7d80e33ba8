import fs from 'node:fs';
import path from 'node:path';
import { type RunWantedOptions, runWanted, type WantedRun } from '../../../src/paper/runs/wanted-runs';
import { Session } from '../../../src/run/session/session';
import { failureOf, temporaryDirectory, tinyConfig } from '../../builders';

const temporary = temporaryDirectory();
let directories = 0;

/** Tiny runs of these methods in a directory of their own. */
function wantedRuns(...methods: readonly string[]): WantedRun[] {
  directories += 1;
  return methods.map((method) => ({
    directory: path.join(temporary, `t${directories}`, method),
    config: tinyConfig({ method }),
  }));
}

/** Runs them; answers how they ended, which were made, and in how many workers. */
async function make(wanted: readonly WantedRun[], over: Partial<RunWantedOptions> = {}) {
  const made: string[] = [];
  let workers = 0;
  const outcomes = await runWanted(wanted, {
    atOnce: 1,
    startSession: () => {
      workers += 1;
      return Session.start();
    },
    onRun: ({ config }) => {
      made.push(config.method);
      return undefined;
    },
    ...over,
  });
  return { outcomes, made, workers };
}

const resultFile = ({ directory }: WantedRun) => path.join(directory, 'result.json');

/** A result without what differs from run to run. */
function resultOf(run: WantedRun): unknown {
  const { timings: _, ...result } = JSON.parse(fs.readFileSync(resultFile(run), 'utf8'));
  return result;
}

describe('runWanted', () => {
  it('makes runs that do not exist, and takes finished ones as they are without starting a worker', async () => {
    const wanted = wantedRuns('single', 'snapshot');
    expect((await make(wanted)).made).toEqual(['single', 'snapshot']);
    const before = wanted.map((run) => fs.statSync(resultFile(run)).mtimeMs);
    const again = await make(wanted);
    expect([again.made, again.workers]).toEqual([[], 0]);
    expect(again.outcomes.map(({ method, state }) => [method, state])).toEqual([
      ['single', 'finished'],
      ['snapshot', 'finished'],
    ]);
    expect(wanted.map((run) => fs.statSync(resultFile(run)).mtimeMs)).toEqual(before);
  });

  it('makes a run again that has not finished, and that one alone', async () => {
    const wanted = wantedRuns('single', 'snapshot');
    await make(wanted);
    const whole = resultOf(wanted[1]);
    fs.rmSync(resultFile(wanted[1]));
    expect((await make(wanted)).made).toEqual(['snapshot']);
    expect(resultOf(wanted[1])).toEqual(whole);
  });

  it('refuses a finished run of other settings, and says which', async () => {
    const [run] = wantedRuns('single');
    await make([run]);
    const other = { ...run, config: tinyConfig({ method: 'single', localSolver: { lr: 0.07 } }) };
    await expect(make([other])).rejects.toMatchObject({
      kind: 'UsageError',
      message: expect.stringMatching(/other settings \(localSolver.lr is [\d.]+ there, 0.07 is wanted\)/),
    });
  });

  it('does not care where the data lay', async () => {
    const [run] = wantedRuns('single');
    await make([run]);
    const elsewhere = { ...run, config: { ...run.config, dataset: { ...run.config.dataset, dir: '/elsewhere' } } };
    expect((await make([elsewhere])).made).toEqual([]);
  });

  it('refuses a directory that holds no run, and leaves it alone', async () => {
    const [run] = wantedRuns('single');
    fs.mkdirSync(run.directory, { recursive: true });
    fs.writeFileSync(path.join(run.directory, 'thesis.tex'), 'years of work');
    await expect(make([run])).rejects.toMatchObject({ kind: 'UsageError' });
    expect(fs.readdirSync(run.directory)).toEqual(['thesis.tex']);
  });

  it('has the same results with two workers as with one, in the order asked for', async () => {
    const methods = ['single', 'snapshot', 'fge'] as const;
    const [one, two] = [wantedRuns(...methods), wantedRuns(...methods)];
    await make(one);
    const { outcomes, workers } = await make(two, { atOnce: 2 });
    expect(workers).toBe(2);
    expect(outcomes.map(({ method }) => method)).toEqual([...methods]);
    expect(two.map(resultOf)).toEqual(one.map(resultOf));
  });

  it('counts a run that diverges as failed and goes on', async () => {
    const wanted = wantedRuns('single', 'snapshot');
    const wild = { ...wanted[0], config: tinyConfig({ method: 'single', localSolver: { lr: 1e30 } }) };
    const { outcomes } = await make([wild, wanted[1]]);
    expect(outcomes.map(({ state }) => state)).toEqual(['failed', 'finished']);
    expect(fs.existsSync(wild.directory)).toBe(false);
  });

  it('ends on an error that is no divergence, and keeps what has finished', async () => {
    const wanted = wantedRuns('single', 'snapshot', 'fge');
    const broken = {
      ...wanted[1],
      config: { ...wanted[1].config, model: { ...wanted[1].config.model, name: 'no-such' } },
    };
    const error = await failureOf(make([wanted[0], broken, wanted[2]]));
    expect(error).toMatchObject({ kind: 'ConfigError', message: expect.stringContaining('no-such') });
    expect(wanted.map((run) => fs.existsSync(resultFile(run)))).toEqual([true, false, false]);
  });

  it('keeps finished runs when it is interrupted, and goes on from there the next time', async () => {
    const wanted = wantedRuns('single', 'snapshot', 'fge');
    const controller = new AbortController();
    const onRun = ({ config }: WantedRun) => {
      if (config.method === 'snapshot') controller.abort();
      return undefined;
    };
    await expect(make(wanted, { signal: controller.signal, onRun })).rejects.toMatchObject({
      kind: 'InterruptedError',
    });
    expect(wanted.map((run) => fs.existsSync(resultFile(run)))).toEqual([true, false, false]);
    expect(wanted.map(({ directory }) => fs.existsSync(directory))).toEqual([true, true, false]); // begun, and taken up
    expect((await make(wanted)).made).toEqual(['snapshot', 'fge']);
    expect(wanted.map((run) => fs.existsSync(resultFile(run)))).toEqual([true, true, true]);
  });
});
