import { FAST_SEARCH_FLAGS, until, workersOf } from '../builders';
import { CommandLine, type Started } from './dsptt';

const LONG = ['run', '--preset=wine', '--budget=200000', '--paths=3', ...FAST_SEARCH_FLAGS];

function processOf({ child }: Started): number {
  if (child.pid === undefined) throw new Error('dsptt did not start');
  return child.pid;
}

/** The words after which a run can be taken up. */
const RESUMABLE = /: the run was interrupted; `dsptt resume (runs\/\S+)` goes on with the run\n$/;
const SEARCH = ['--set=dspTt.detector.minRise=1000', '--set=dspTt.tierShare=0.99', '--set=dspTt.searchShare=0.9'];

describe('an interrupt of dsptt run', () => {
  const cli = new CommandLine();

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s while tier 0 is trained ends with %i, and leaves a run to go on with', async (signal, code) => {
    const started = cli.start([...LONG, '--json']);
    await started.errorOutput(/tier0/);
    const workers = workersOf(processOf(started));
    expect(workers).toHaveLength(1);
    started.child.kill(signal);
    const ended = await started.ended;
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(new RegExp(`${signal}: ending the run.*\nInterruptedError${RESUMABLE.source}`));
    await until(() => !workersOf(1).includes(workers[0]));
    expect(cli.left.workers).toEqual([]);
    const [, run] = RESUMABLE.exec(ended.stderr) ?? [];
    expect([cli.has(`${run}/config.json`), cli.has(`${run}/result.json`)]).toEqual([true, false]);
    expect(cli.has(`${run}/.lock`)).toBe(false);
  });

  it('by SIGINT in the search ends with 130 and one sentence', async () => {
    const started = cli.start([...LONG, ...SEARCH]);
    await started.errorOutput(/search of tier 1/);
    started.child.kill('SIGINT');
    const ended = await started.ended;
    expect(ended.stderr).not.toMatch(/^ +at /m);
    expect(ended.stderr).toMatch(RESUMABLE);
    expect(ended).toMatchObject({ code: 130, stdout: '' });
    expect(cli.left.workers).toEqual([]);
  });

  it('by a second SIGINT ends at once with 130, and the worker with it; the run can be taken up', async () => {
    const out = ['--out=runs/twice'];
    const started = cli.start(['run', '--preset=wine', '--budget=3000', ...FAST_SEARCH_FLAGS, ...out]);
    await started.errorOutput(/tier0/);
    const [worker] = workersOf(processOf(started));
    process.kill(worker, 'SIGSTOP'); // a worker that cannot leave by itself
    started.child.kill('SIGINT');
    await started.errorOutput(/once more to end at once/);
    started.child.kill('SIGINT');
    expect(await started.ended).toMatchObject({ code: 130 });
    await until(() => !workersOf(1).includes(worker));
    expect(cli.left.workers).toEqual([]);
    expect(cli.has('runs/twice/result.json')).toBe(false);
    const resumed = await cli.run(['resume', 'runs/twice', '--json']);
    expect(resumed).toMatchObject({ code: 0 });
    expect(JSON.parse(resumed.stdout)).toEqual(JSON.parse(cli.read('runs/twice/result.json')));
  });
});

describe('the death of the worker', () => {
  const cli = new CommandLine();

  it('in the search is told, and the run goes on', async () => {
    const started = cli.start([...LONG, ...SEARCH]);
    await started.errorOutput(/search of tier 1/);
    const [worker] = workersOf(processOf(started));
    process.kill(worker, 'SIGKILL');
    await started.errorOutput(
      /was ended by SIGKILL while it served .*; starting another one \(1 of 3 within an hour\)/,
    );
    await until(() => workersOf(processOf(started)).some((other) => other !== worker));
    started.child.kill('SIGINT');
    const ended = await started.ended;
    expect(ended.stderr).toMatch(RESUMABLE);
    expect(ended).toMatchObject({ code: 130 });
    expect(cli.left.workers).toEqual([]);
  });

  it('ends the run with 1 where it is not to be replaced, and one sentence that says how to go on', async () => {
    const started = cli.start([...LONG, ...SEARCH, '--max-restarts=0', '--out=runs/once']);
    await started.errorOutput(/search of tier 1/);
    process.kill(workersOf(processOf(started))[0], 'SIGKILL');
    const ended = await started.ended;
    expect(ended.stderr).toMatch(
      /^WorkerError: the worker .* was ended by SIGKILL while it served '(search|probe|newPath)'.*; `dsptt resume runs\/once` goes on with the run$/m,
    );
    expect(ended.stderr).not.toMatch(/^ +at /m);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(cli.left.workers).toEqual([]);
    expect([cli.has('runs/once/config.json'), cli.has('runs/once/result.json')]).toEqual([true, false]);
  });
});
