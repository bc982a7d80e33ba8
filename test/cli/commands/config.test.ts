import { parse } from 'yaml';
import { z } from 'zod';
import { resolveAny } from '../../../src/cli/flags/resolve-any';
import { CommandLine, type Ended } from '../dsptt';

const settings = z.record(z.string(), z.unknown());
const resolved = (values: object) => resolveAny([{ from: 'test', values }]);

/** Command lines by the name that the tests below have for what they print; all run in one process, in this order. */
const LINES = {
  yaml: 'config own.yaml --seed 3 --method fge',
  json: 'config --config own.yaml --seed 3 --method fge --json',
  analytic: 'config --preset himmelblau',
  explained: 'config lines.yaml --explain --scale smoke --budget 30 --set fge.cycles=3',
  explainedJson: 'config lines.yaml --explain --json',
  fromJson: 'config lines.json --explain',
  nothing: 'config',
  unknown: 'config --preset wine --method dsptt',
  wrong: 'config wrong.yaml',
  twice: 'config wrong.yaml --config wrong.yaml',
  refused: 'init kept.yaml',
  begun: 'init begun.yaml --preset ackley',
  forced: 'init begun.yaml --force --preset wine',
  again: 'config begun.yaml',
  noPreset: 'init none.yaml --preset digit',
  noMethod: 'init none.yaml --method dsptt',
} as const;

const cli = new CommandLine();
const ran: Partial<Record<string, Ended>> = {};
const of = (name: keyof typeof LINES): Ended => {
  const ended = ran[name];
  if (ended === undefined) throw new Error(`${name} has not run`);
  return ended;
};

beforeAll(async () => {
  cli.write('own.yaml', '# mine\npreset: wine\ndspTt:\n  lag: 0\n');
  cli.write('lines.yaml', 'preset: wine\ndspTt:\n  rho1: {increment: 0.01}\n  lag: 0\n');
  cli.write('lines.json', '{"$schema": "config.schema.json",\n "preset": "wine",\n "seed": 1}');
  cli.write('wrong.yaml', 'preset: wine\ndspTt:\n  lag: -1\n');
  cli.write('kept.yaml', 'preset: wine\n');
  const ended = await cli.runInOneProcess(Object.values(LINES).map((line) => line.split(' ')));
  Object.keys(LINES).forEach((name, k) => {
    ran[name] = ended[k];
  });
});

describe('dsptt config', () => {
  it('prints what a run would have, as YAML or JSON that is the same run again', () => {
    const wanted = resolved({ preset: 'wine', dspTt: { lag: 0 }, seed: 3, method: 'fge' });
    expect(of('yaml')).toMatchObject({ code: 0, stderr: '' });
    expect(parse(of('yaml').stdout)).toEqual(wanted);
    expect(resolved(settings.parse(parse(of('yaml').stdout)))).toEqual(wanted);
    expect(JSON.parse(of('json').stdout)).toEqual(wanted);
    expect(parse(of('analytic').stdout)).toEqual(resolved({ preset: 'himmelblau' }));
  });

  it('says where each value comes from, and stays YAML', () => {
    const { stdout } = of('explained');
    const lines = stdout.split('\n').map((line) => line.replace(/ {2,}# /, ' # ').trim());
    const from = ['preset: wine # lines.yaml:1', 'increment: 0.01 # lines.yaml:3', 'lag: 0 # lines.yaml:4'];
    const more = ['decideEvery: 1 # scale smoke of wine', 'hidden: [ 16 ] # preset wine', 'seed: 0 # default'];
    const typed = ['steps: 30 # command line', 'cycles: 3 # --set fge.cycles=3'];
    expect(lines).toEqual(expect.arrayContaining([...from, ...more, ...typed]));
    expect(parse(stdout)).toMatchObject({ preset: 'wine', budget: { steps: 30 }, fge: { cycles: 3 } });
    const origins: unknown = JSON.parse(of('explainedJson').stdout);
    expect(origins).toContainEqual({ path: 'dspTt.lag', value: 0, from: 'lines.yaml:4' });
    expect(of('fromJson').stdout).toMatch(/^seed: 1 +# lines\.json:3$/m);
  });

  it('complains as a run would', () => {
    expect(of('nothing').stderr).toContain('say what to run: --preset NAME or --config FILE');
    expect(of('unknown').stderr).toContain("unknown method 'dsptt'; known: dsp-tt");
    expect(of('wrong').stderr).toBe('ConfigError: dspTt.lag must be >= 0, got -1 (wrong.yaml:3)\n');
    expect(of('twice').stderr).toContain('give one file');
    for (const name of ['nothing', 'unknown', 'wrong', 'twice'] as const) expect(of(name).code).toBe(2);
  });
});

describe('dsptt init', () => {
  it('never overwrites a file unless it is told to', () => {
    expect(of('refused')).toMatchObject({ code: 2, stderr: expect.stringContaining('kept.yaml exists already') });
    expect(cli.read('kept.yaml')).toBe('preset: wine\n');
    expect(of('forced')).toMatchObject({ code: 0, stderr: '' });
    expect(parse(of('again').stdout)).toEqual(resolved({ preset: 'wine' }));
  });

  it('names the schema in the line that editors look for', () => {
    expect(cli.read('begun.yaml')).toMatch(/^# yaml-language-server: \$schema=.*config\.schema\.json\n/);
  });

  it('leaves nothing where the preset or the method is unknown', () => {
    expect(of('noPreset')).toMatchObject({ code: 2, stderr: expect.stringContaining("unknown preset 'digit'") });
    expect(of('noMethod')).toMatchObject({ code: 2, stderr: expect.stringContaining("unknown method 'dsptt'") });
    expect(cli.has('none.yaml')).toBe(false);
  });
});
