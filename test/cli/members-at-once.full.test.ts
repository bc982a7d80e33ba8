import { until, workersOf } from '../builders';
import { CommandLine, type Started } from './dsptt';
import { processOf, RESUMABLE } from './interrupts/interrupts';

/** Minutes of three networks, two at a time. */
const LONG = [
  ...['run', '--preset=digits', '--method=independent', '--set=independent.members=3'],
  ...['--budget=200000', '--members-at-once=2'],
];

describe('dsptt run --members-at-once', () => {
  const cli = new CommandLine();

  /** Start it, and wait until both of its workers are there. */
  async function started(...more: string[]): Promise<{ started: Started; workers: number[] }> {
    const run = cli.start([...LONG, ...more]);
    await run.errorOutput(/member1 to member3/);
    await until(() => workersOf(processOf(run)).length === 2);
    return { started: run, workers: workersOf(processOf(run)) };
  }

  it('leaves no worker behind after Ctrl-C, and a run that can be resumed', async () => {
    const { started: run, workers } = await started();
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended.stderr).toMatch(RESUMABLE);
    expect(ended).toMatchObject({ code: 130, stdout: '' });
    await until(() => workersOf(1).every((worker) => !workers.includes(worker)));
    expect(cli.left.workers).toEqual([]);
  });

  it('leaves no worker behind when Node is killed', async () => {
    const { started: run, workers } = await started('--out=runs/killed');
    run.child.kill('SIGKILL');
    await run.ended;
    await until(() => workersOf(1).every((worker) => !workers.includes(worker)));
    expect(cli.has('runs/killed/result.json')).toBe(false);
  });

  it.each([
    [['--members-at-once=0'], /^ConfigError: membersAtOnce must be >= 1, got 0 \(command line\)$/m],
    [['--set=membersWay=threads'], /^ConfigError: membersWay must be one of auto, processes, stack, got "threads"/m],
    [['--threads=2'], /^ConfigError: membersWay 'processes' has a worker of one thread .*got 2$/m],
    [['--set=membersWay=stack'], /^ConfigError: membersWay 'stack' trains no networks that keep statistics/m],
  ])('refuses %s', async (more, message) => {
    const ended = await cli.start([...LONG, ...more, '--quiet']).ended;
    expect(ended.stderr).toMatch(message);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(cli.left.workers).toEqual([]);
  });
});

describe('dsptt compare --at-once', () => {
  const cli = new CommandLine();

  it('leaves no worker behind after Ctrl-C, and both runs as ones that --resume goes on with', async () => {
    const compared = ['compare', '--preset=digits', '--methods=single,snapshot', '--at-once=2', '--budget=200000'];
    const run = cli.start([...compared, '--out=runs/two']);
    await run.errorOutput(
      /single \(seed 0\): .*[\s\S]*snapshot \(seed 0\): |snapshot \(seed 0\): .*[\s\S]*single \(seed 0\): /,
    );
    const workers = workersOf(processOf(run));
    expect(workers).toHaveLength(2);
    run.child.kill('SIGINT');
    const says = 'the comparison was interrupted; the same command with --out runs/two --resume goes on with it';
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 130, stdout: '' });
    expect(ended.stderr).toContain(`InterruptedError: ${says}\n`);
    await until(() => workersOf(1).every((worker) => !workers.includes(worker)));
    for (const one of ['single-0', 'snapshot-0']) expect(cli.has(`runs/two/${one}/journal.jsonl`)).toBe(true);
  });
});
