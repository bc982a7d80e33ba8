import fs from 'node:fs';
import path from 'node:path';
import { PRESETS } from '../../../src/config/presets';
import { ANALYTIC_PRESETS } from '../../../src/config/presets/closed-form';
import { CommandLine, type Ended } from '../dsptt';

const cli = new CommandLine();
const KNOWN = [...Object.keys(PRESETS), ...Object.keys(ANALYTIC_PRESETS)].join(', ');
beforeAll(() => {
  cli.write('typo.yaml', 'preset: wine\nlocalSolvr: {lr: 0.1}\n');
  cli.write('not.yaml', 'preset: [wine\n');
  cli.write('list.json', '[1, 2]');
  for (const name of ['a-0', 'a-1']) {
    fs.mkdirSync(path.join(cli.directory, 'kept', name), { recursive: true });
    cli.write(`kept/${name}/config.json`, '{}');
  }
});

interface Case {
  readonly what: string;
  readonly args: string;
  readonly kind: string;
  /** What the message must say: the value, and the remedy. */
  readonly says: readonly string[];
}

/** What is refused before a worker is started. */
const USAGE: readonly Case[] = [
  { what: 'an unknown preset', args: 'run --preset nope', kind: 'UsageError', says: ["'nope'", `known: ${KNOWN}`] },
  { what: 'no preset', args: 'run', kind: 'UsageError', says: ['--preset NAME or --config FILE'] },
  { what: 'no command', args: '', kind: 'UsageError', says: ['a command is missing', '`npx --no dsptt help`'] },
  { what: 'an unknown command', args: 'train', kind: 'UsageError', says: ["'train'", '`npx --no dsptt help`'] },
  {
    what: 'an unknown method',
    args: 'run --preset wine --method sgd',
    kind: 'UsageError',
    says: ["'sgd'", 'known: dsp-tt, random-jump'],
  },
  {
    what: 'an unknown method in a comparison',
    args: 'compare --preset wine --methods single,sgd',
    kind: 'UsageError',
    says: ["'sgd'", 'known: dsp-tt, random-jump'],
  },
  { what: 'an unknown flag', args: 'run --preset wine --fast', kind: 'UsageError', says: ['--fast', '--help'] },
  {
    what: 'a flag without its value',
    args: 'run --preset',
    kind: 'UsageError',
    says: ['--preset', '`npx --no dsptt run --help`'],
  },
  ...['resume kept', 'verify-exit kept', 'export kept --to onnx', 'predict kept --input new.csv'].map((args) => ({
    what: `a folder of runs: ${args}`,
    args,
    kind: 'UsageError',
    says: ['kept is a folder of runs', 'kept/a-0 (unfinished), kept/a-1 (unfinished)'],
  })),
  {
    what: 'a negative seed',
    args: 'run --preset wine --seed=-1',
    kind: 'UsageError',
    says: ['--seed', "'-1'", 'whole'],
  },
  { what: 'a seed that is no number', args: 'run --preset wine --seed x', kind: 'UsageError', says: ["'x'", 'whole'] },
  {
    what: 'a seed above 2^53 - 1',
    args: 'run --preset wine --seed 9007199254740992',
    kind: 'UsageError',
    says: ["'9007199254740992'"],
  },
  { what: 'a fractional budget', args: 'run --preset wine --budget 1.5', kind: 'UsageError', says: ["'1.5'", 'whole'] },
  { what: 'a NaN for a count', args: 'run --preset wine --paths NaN', kind: 'UsageError', says: ["'NaN'", 'whole'] },
  { what: 'a budget of nothing', args: 'run --preset wine --budget 0', kind: 'ConfigError', says: ['budget', '0'] },
  {
    what: 'no paths',
    args: 'run --preset wine --paths 0',
    kind: 'ConfigError',
    says: ['dspTt.tiers.0 must be >= 1, got 0'],
  },
  {
    what: 'a negative rate',
    args: 'run --preset wine --set localSolver.lr=-0.1',
    kind: 'ConfigError',
    says: ['localSolver.lr must be > 0, got -0.1', '--set localSolver.lr=-0.1'],
  },
  {
    what: 'a rate that is not a number',
    args: 'run --preset wine --set localSolver.lr=.nan',
    kind: 'ConfigError',
    says: ['localSolver.lr', 'NaN'],
  },
  {
    what: 'a setting without a value',
    args: 'run --preset wine --set localSolver.lr',
    kind: 'UsageError',
    says: ["'localSolver.lr'", '--set takes key=value'],
  },
  {
    what: 'a typo in a key of a file',
    args: 'run --config typo.yaml',
    kind: 'ConfigError',
    says: ["'localSolvr'", 'known:', 'localSolver', 'typo.yaml'],
  },
  { what: 'a file that is not YAML', args: 'run --config not.yaml', kind: 'ConfigError', says: ['not.yaml'] },
  {
    what: 'a file that holds a list',
    args: 'run --config list.json',
    kind: 'ConfigError',
    says: ['list.json', '[1,2]'],
  },
  { what: 'a file that is not there', args: 'run --config none.yaml', kind: 'ConfigError', says: ['none.yaml'] },
  { what: 'an --out that exists', args: 'run --preset wine --out .', kind: 'UsageError', says: ['. exists', '--out'] },
  { what: 'a comparison without methods', args: 'compare --preset wine', kind: 'UsageError', says: ['--methods'] },
  {
    what: 'a tier without paths',
    args: 'run --preset wine --tiers 5,0',
    kind: 'ConfigError',
    says: ['dspTt.tiers.1 must be >= 1, got 0'],
  },
  {
    what: '--paths beside --tiers',
    args: 'run --preset wine --paths 5 --tiers 5,5',
    kind: 'UsageError',
    says: ['give one of --tiers and --paths', 'dspTt.tiers'],
  },
  {
    what: 'another way to verify exits',
    args: 'run --preset wine --verify loss',
    kind: 'ConfigError',
    says: ['dspTt.verify must be one of none, barrier', '"loss"'],
  },
  {
    what: 'another rule of selection',
    args: 'run --preset wine --selection worst',
    kind: 'ConfigError',
    says: ['selection.rule must be one of all, best', '"worst"'],
  },
  {
    what: 'a comparison of a method with itself',
    args: 'compare --preset wine --methods single,fge,single',
    kind: 'UsageError',
    says: ['--methods', 'twice', 'single'],
  },
  {
    what: 'a baseline that is not compared',
    args: 'compare --preset wine --methods single,fge --baseline dsp-tt',
    kind: 'UsageError',
    says: ["'dsp-tt'", 'known: single, fge'],
  },
  {
    what: 'finished runs and how to run',
    args: 'compare --runs . --data-dir x',
    kind: 'UsageError',
    says: ['--runs', '--data-dir'],
  },
  {
    what: 'finished runs and how to keep a run',
    args: 'compare --runs . --checkpoint-minutes 5',
    kind: 'UsageError',
    says: ['--runs', '--checkpoint-minutes'],
  },
  {
    what: 'another format',
    args: 'compare --preset wine --methods single --format html',
    kind: 'UsageError',
    says: ['html', 'terminal, csv, markdown, json'],
  },
  {
    what: 'two formats',
    args: 'compare --preset wine --methods single --format csv --json',
    kind: 'UsageError',
    says: ['--json', '--format csv'],
  },
  { what: 'a sweep without rho2', args: 'sweep --preset wine --rho1 0.1', kind: 'UsageError', says: ['--rho2'] },
  {
    what: 'a pace that is no number',
    args: 'sweep --preset wine --rho1 0.1,fast --rho2 1',
    kind: 'UsageError',
    says: ['--rho1', '0.1,fast', 'numbers'],
  },
  {
    what: 'a pace of nothing',
    args: 'sweep --preset wine --rho1 0.1,0 --rho2 1',
    kind: 'ConfigError',
    says: ['dspTt.rho1.increment must be > 0, got 0', '--rho1'],
  },
  {
    what: 'a sweep of no steps',
    args: 'sweep --preset wine --rho1 0.1 --rho2 1 --steps 0',
    kind: 'UsageError',
    says: ['--steps'],
  },
  {
    what: 'seeds from high to low',
    args: 'compare --preset wine --methods single --seeds 9-0',
    kind: 'UsageError',
    says: ['--seeds', '9-0'],
  },
  {
    what: 'a seed named twice',
    args: 'compare --preset wine --methods single --seeds 0-3,2',
    kind: 'UsageError',
    says: ['--seeds', 'twice'],
  },
  {
    what: 'seeds that are no numbers',
    args: 'compare --preset wine --methods single --seeds 1,x',
    kind: 'UsageError',
    says: ['--seeds', 'x'],
  },
];

describe('a command line that is wrong', () => {
  let ended: readonly Ended[];
  beforeAll(async () => {
    ended = await cli.runInOneProcess(USAGE.map(({ args }) => args.split(' ').filter(Boolean)));
  });

  it.each(USAGE)('ends with 2 and one sentence on $what', (given) => {
    const { kind, says } = given;
    const result = ended[USAGE.indexOf(given)];
    expect(result.stderr).toMatch(new RegExp(`^${kind}: `));
    expect(result.stderr).not.toMatch(/^ +at /m);
    for (const part of says) expect(result.stderr).toContain(part);
    expect(result).toMatchObject({ code: 2, stdout: '' });
  });

  it('ends a process of its own in the same way', async () => {
    const { code, stdout, stderr } = await cli.run(['run', '--preset', 'nope']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(`UsageError: unknown preset 'nope'; known: ${KNOWN}\n`);
  });

  it('leaves no run directory', () => {
    expect(cli.left).toEqual({ runs: [], workers: [] });
  });

  it('shows a stack trace with --debug', async () => {
    const [{ code, stderr }] = await cli.runInOneProcess([['--debug', 'run', '--preset', 'nope']]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^UsageError: .*\n(.|\n)* at /);
  });
});

it('ends with 1 and one sentence where a file cannot be written', async () => {
  const files = ['list.json/mine.yaml', '/proc/mine.yaml'];
  const ended = await cli.runInOneProcess(files.map((file) => ['init', file]));
  expect(ended).toEqual([
    { code: 1, stdout: '', stderr: `DataError: cannot write ${files[0]}: not a directory (ENOTDIR)\n` },
    { code: 1, stdout: '', stderr: `DataError: cannot write ${files[1]}: no such file or directory (ENOENT)\n` },
  ]);
});

describe('asking for help', () => {
  it('prints to standard output and ends with 0', async () => {
    const lines = [['--help'], ['run', '--help'], ['--version']];
    for (const { code, stdout, stderr } of await cli.runInOneProcess(lines)) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toBe('');
    }
  });
});
