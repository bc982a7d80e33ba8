import { FAST_SEARCH_FLAGS, until, workersOf } from '../builders';
import { CommandLine, type Started } from './dsptt';

const cli = new CommandLine();
const LONG = ['run', '--preset=wine', '--budget=200000', '--paths=3', ...FAST_SEARCH_FLAGS];

function processOf({ child }: Started): number {
  if (child.pid === undefined) throw new Error('dsptt did not start');
  return child.pid;
}

describe('an interrupt of dsptt run', () => {
  it('by SIGINT while tier 0 is trained ends with 130 and leaves nothing', async () => {
    const started = cli.start([...LONG, '--json']);
    await started.errorOutput(/tier0/);
    const workers = workersOf(processOf(started));
    expect(workers).toHaveLength(1);
    started.child.kill('SIGINT');
    const ended = await started.ended;
    expect(ended).toMatchObject({ code: 130, stdout: '' });
    expect(ended.stderr).toMatch(/SIGINT: ending the run.*\nInterruptedError: the run was interrupted\n$/);
    await until(() => !workersOf(1).includes(workers[0]));
    expect(cli.left).toEqual({ runs: [], workers: [] });
  });

  it('by SIGINT in the search ends with 130, one sentence, and leaves nothing', async () => {
    const search = ['--set=dspTt.detector.minRise=1000', '--set=dspTt.tierShare=0.99', '--set=dspTt.searchShare=0.9'];
    const started = cli.start([...LONG, ...search]);
    await started.errorOutput(/search of tier 1/);
    started.child.kill('SIGINT');
    const ended = await started.ended;
    expect(ended.stderr).not.toMatch(/^ +at /m);
    expect(ended).toMatchObject({ code: 130, stdout: '' });
    expect(cli.left).toEqual({ runs: [], workers: [] });
  });

  it('by a second SIGINT ends at once with 130, and the worker with it', async () => {
    const started = cli.start(LONG);
    await started.errorOutput(/tier0/);
    const [worker] = workersOf(processOf(started));
    process.kill(worker, 'SIGSTOP'); // a worker that cannot leave by itself
    started.child.kill('SIGINT');
    await started.errorOutput(/once more to end at once/);
    started.child.kill('SIGINT');
    expect(await started.ended).toMatchObject({ code: 130 });
    await until(() => !workersOf(1).includes(worker));
    expect(cli.left.workers).toEqual([]);
    expect(cli.left.runs.filter((run) => cli.has(`runs/${run}/result.json`))).toEqual([]);
  });
});

describe('the death of the worker', () => {
  const cli = new CommandLine();

  it('in the search ends the run with 1 and one sentence that names the signal, and leaves nothing', async () => {
    const search = ['--set=dspTt.detector.minRise=1000', '--set=dspTt.tierShare=0.99', '--set=dspTt.searchShare=0.9'];
    const started = cli.start([...LONG, ...search]);
    await started.errorOutput(/search of tier 1/);
    process.kill(workersOf(processOf(started))[0], 'SIGKILL');
    const ended = await started.ended;
    expect(ended.stderr).toMatch(
      /^WorkerError: the worker .* was ended by SIGKILL while it served '(search|probe|newPath)'/m,
    );
    expect(ended.stderr).not.toMatch(/^ +at /m);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(cli.left).toEqual({ runs: [], workers: [] });
  });
});
