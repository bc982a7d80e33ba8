import { resultSchema } from '../../../src/store/result';
import { sweepSchema } from '../../../src/store/sweep';
import { FAST_SEARCH_FLAGS } from '../../builders';
import { CommandLine, type Ended } from '../dsptt';

const cli = new CommandLine();
const BUDGET = ['--preset=wine', '--budget=250', ...FAST_SEARCH_FLAGS];
const GRID = ['--rho1=0.05,0.0001', '--rho2=0.1,0.5'];

describe('dsptt sweep', () => {
  let ended: Ended;
  beforeAll(async () => {
    ended = await cli.run(['sweep', ...BUDGET, ...GRID, '--seeds=3', '--out=runs/sweep', '--json']);
  });

  it('trains tier 0 once a seed, and searches from it with every pair', () => {
    expect(ended.code).toBe(0);
    expect(ended.stderr.trimEnd().split('\n')).toEqual([
      'seed 3: tier0 (100 steps)',
      'seed 3, rho1 0.05, rho2 0.1: search of tier 1 (75 steps)',
      'seed 3, rho1 0.05, rho2 0.5: search of tier 1 (75 steps)',
      'seed 3, rho1 0.0001, rho2 0.1: search of tier 1 (75 steps)',
      'seed 3, rho1 0.0001, rho2 0.5: search of tier 1 (75 steps)',
    ]);
  });

  it('finds with a pair what a run with the same settings finds, whatever came before it', async () => {
    const run = [
      'run',
      ...BUDGET,
      '--seed=3',
      '--set=dspTt.retries=0',
      '--set=dspTt.rho2TimesLr=0.5',
      '--out=runs/one',
    ];
    expect((await cli.run([...run, '--quiet'])).code).toBe(0);
    const { members, budget } = resultSchema.parse(JSON.parse(cli.read('runs/one/result.json')));
    const exits = members.flatMap(({ exit }) => exit ?? []);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(sweepSchema.parse(JSON.parse(ended.stdout)).rows[1]).toEqual({
      rho1Increment: 0.05,
      rho2TimesLr: 0.5,
      seed: 3,
      paths: 3,
      exits: exits.length,
      diverged: 0,
      searchSteps: budget.search,
      iterations: expect.closeTo(mean(exits.map(({ step }) => step)), 9),
      rho1AtExit: expect.closeTo(mean(exits.map(({ rho1 }) => rho1)), 9),
      distanceAtExit: expect.closeTo(mean(exits.map(({ distance }) => distance)), 9),
      cosineAtExit: expect.closeTo(mean(exits.flatMap(({ cosine }) => cosine ?? [])), 9),
    });
    expect(exits.length).toBeGreaterThan(0);
  });

  it('reports a pace that no run would accept as exhausted, and keeps all rows as files', () => {
    const { rows } = sweepSchema.parse(JSON.parse(cli.read('runs/sweep/sweep.json')));
    expect(rows[2]).toMatchObject({ rho1Increment: 0.0001, exits: 0, searchSteps: 75, iterations: null });
    expect(cli.read('runs/sweep/sweep.csv').trimEnd().split('\n')).toHaveLength(5);
    expect(ended.stdout).toBe(cli.read('runs/sweep/sweep.json'));
  });

  it('leaves no worker and no sockets', () => {
    expect(cli.left.workers).toEqual([]);
  });
});
