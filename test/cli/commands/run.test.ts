import { configSchema } from '../../../src/config/schema';
import { type Result, resultSchema } from '../../../src/store/result';
import { FAST_SEARCH_FLAGS } from '../../builders';
import { askPython } from '../../python';
import { CommandLine, type Ended } from '../dsptt';

const cli = new CommandLine();
/** One round, which has the search's whole share: all three paths exit in it. */
const BUDGET = ['--preset=wine', '--budget=250', '--set=dspTt.retries=0', ...FAST_SEARCH_FLAGS];

describe('dsptt run', () => {
  let ended: Ended;
  let result: Result;
  beforeAll(async () => {
    ended = await cli.run(['run', ...BUDGET, '--seed=3', '--out=runs/first', '--json']);
    result = resultSchema.parse(JSON.parse(cli.read('runs/first/result.json')));
  });

  it('prints result.json and nothing else on standard output with --json', () => {
    expect(ended.code).toBe(0);
    expect(ended.stdout).toBe(cli.read('runs/first/result.json'));
  });

  it('prints a line a phase on a standard error that is no terminal', () => {
    expect(ended.stderr.trimEnd().split('\n')).toEqual([
      'dsp-tt: tier0 (100 steps)',
      'dsp-tt: search of tier 1 (75 steps)',
      ...['tier1-1', 'tier1-2', 'tier1-3'].map((name) => expect.stringMatching(`^dsp-tt: ${name} \\(\\d+ steps\\)$`)),
      'dsp-tt: evaluation',
    ]);
  });

  it('keeps the whole configuration of the run, the defaults filled in', () => {
    const config = configSchema.parse(JSON.parse(cli.read('runs/first/config.json')));
    expect(config).toMatchObject({ preset: 'wine', method: 'dsp-tt', seed: 3, budget: { steps: 250 } });
    expect(config.dspTt).toMatchObject({ tiers: [3], rho1: { increment: 0.05, start: 0.02 }, form: 'ratio' });
  });

  it('keeps each member as the safetensors file that its hash says, which loads in Python', () => {
    const files = result.members.flatMap(({ file, sha256 }) => (file === null ? [] : [{ file, sha256 }]));
    expect(files).toHaveLength(4);
    const parameters = askPython(
      'import hashlib\nfrom safetensors.torch import load\n' +
        'raw = [open(path, "rb").read() for path in given]\n' +
        'answer = [[hashlib.sha256(r).hexdigest(), sum(t.numel() for t in load(r).values())] for r in raw]',
      files.map(({ file }) => `${cli.directory}/runs/first/${file}`),
    );
    expect(parameters).toEqual(files.map(({ sha256 }) => [sha256, result.parameters]));
  });

  it('keeps a row for every step of the budget in its traces', () => {
    const names = ['descent-tier0', 'search-tier1', 'descent-tier1-1', 'descent-tier1-2', 'descent-tier1-3'];
    const rows = names.map((name) => cli.read(`runs/first/traces/${name}.csv`).trimEnd().split('\n').length - 1);
    expect(rows[0]).toBe(result.budget.tier0);
    expect(rows[1]).toBe(result.budget.search);
    expect(rows.reduce((a, b) => a + b)).toBe(250);
    expect(cli.read('runs/first/traces/descent-tier0.csv').split('\n')[0]).toBe(
      'step,lr,loss,validationLoss,validationErrorPct',
    );
    expect(cli.read('runs/first/traces/search-tier1.csv').split('\n')[0]).toBe(
      'iteration,round,path,rho1,growth,rho2,loss,norm',
    );
  });

  it('prints nothing on standard error with --quiet, and tables with where the files are on standard output', async () => {
    const { code, stdout, stderr } = await cli.run(['run', ...BUDGET, '--method=single', '--quiet']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('tier0');
    expect(stdout).toContain('test error');
    expect(stdout).toContain('Files: runs/wine-single-0');
    expect(cli.has('runs/wine-single-0/result.json')).toBe(true);
  });

  it('says why paths found no exit, and fails with --require-members once all is written', async () => {
    const none = ['--set=dspTt.detector.minRise=50', '--out=runs/none', '--quiet'];
    const { code, stderr } = await cli.run(['run', ...BUDGET, ...none, '--require-members=4']);
    const why = 'tier1: 0 of 3 paths found an exit: tier1-1, tier1-2, tier1-3 rose by .*; raise dspTt.rho1.max';
    expect(stderr).toMatch(new RegExp(`^${why}$`, 'm'));
    expect(stderr).toMatch(new RegExp(`^ShortfallError: the result has 1 of the 4 members .*; ${why}$`, 'm'));
    expect(code).toBe(1);
    const { notices } = resultSchema.parse(JSON.parse(cli.read('runs/none/result.json')));
    expect(notices).toEqual([expect.stringMatching(why)]);
    const again = await cli.run(['resume', 'runs/none', '--require-members=1', '--quiet']);
    expect(again.code).toBe(0);
  });
});

describe('dsptt compare', () => {
  it('prints a row a method, with the budget that each spent', async () => {
    const { code, stdout, stderr } = await cli.run([
      'compare',
      ...BUDGET,
      '--methods=dsp-tt,single,snapshot',
      '--out=runs/table',
    ]);
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/In all rows [^.]*steps[^.:]*: 250/);
    const rows = stdout
      .split('\n')
      .filter((line) => /^│ (?!method)/.test(line))
      .slice(0, 3);
    expect(rows.map((row) => /DSP-TT tier-0-1|one network|snapshot \(SSE\)/.exec(row)?.[0])).toEqual([
      'DSP-TT tier-0-1',
      'one network',
      'snapshot (SSE)',
    ]);
    expect(stdout).toContain('Files: runs/table');
    expect(stderr).toContain('snapshot (seed 0): training (250 steps)');
    expect(cli.has('runs/table/single-0/result.json')).toBe(true);
  });
});

it('a run or a comparison leaves no worker and no sockets', () => {
  expect(cli.left.workers).toEqual([]);
});
