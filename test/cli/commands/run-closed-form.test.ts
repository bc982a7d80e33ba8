import { optimaSchema } from '../../../src/store/optima';
import { CommandLine, type Ended } from '../dsptt';

const cli = new CommandLine();
const NO_PYTHON = { DSPTT_PYTHON: '/nonexistent/python' };

const GOOD = [
  'run --preset six-hump-camel --out runs/table',
  'run --preset himmelblau --direction dynamic --seed 3 --json --out runs/json',
  'run --preset two-well --set search.rho1.increment=0.02',
  'run --config own.yaml --direction hessian',
];

/** What is refused, with 2 and one sentence. */
const WRONG: readonly [string, string, readonly string[]][] = [
  ['run --preset nope', 'UsageError', ["'nope'", 'digits', 'six-hump-camel']],
  ['run --preset himmelblau --method dsp-tt', 'UsageError', ['--method', '--direction']],
  ['run --preset himmelblau --tier0 x.safetensors', 'UsageError', ['--tier0']],
  ['run --preset himmelblau --data-dir .', 'UsageError', ['--data-dir']],
  ['run --preset himmelblau --paths 3', 'UsageError', ['--paths']],
  ['run --preset himmelblau --device cpu', 'UsageError', ['--device']],
  ['run --preset himmelblau --direction up', 'ConfigError', ['random, coordinate, hessian, dynamic', '"up"']],
  ['run --preset himmelblau --set search.pathz=3', 'ConfigError', ["'pathz'", '--set search.pathz=3']],
  ['run --preset himmelblau --set objective.name=egg', 'ConfigError', ['rastrigin', '"egg"']],
  ['run --preset himmelblau --set objective.dims=3', 'ConfigError', ['objective.dims must be 2']],
  ['run --preset ackley --set flow.metric=gauss-newton', 'UsageError', ['gauss-newton', 'sum of squares']],
  ['run --preset himmelblau --out .', 'UsageError', ['. exists']],
  ['run --preset wine --direction random', 'UsageError', ['--direction', 'six-hump-camel']],
  ['compare --preset himmelblau --methods single', 'UsageError', ['closed-form objective']],
];

describe('dsptt run on a closed-form objective, without Python', () => {
  let good: readonly Ended[];
  let wrong: readonly Ended[];
  beforeAll(async () => {
    cli.write('own.yaml', 'objective: {name: styblinski-tang, dims: 1}\nseed: 5\n');
    const lines = [...GOOD, ...WRONG.map(([line]) => line)].map((line) => line.split(' '));
    const ended = await cli.runInOneProcess(lines, NO_PYTHON);
    [good, wrong] = [ended.slice(0, GOOD.length), ended.slice(GOOD.length)];
  });

  it('ends with 0 and says nothing on standard error', () => {
    for (const { code, stderr } of good) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('prints the optima, the tier graph, the evaluations and where the files are', () => {
    const { stdout } = good[0];
    const sentences = stdout.replace(/\s+/g, ' '); // as they are before they are wrapped
    expect(sentences).toContain('6 of the 6 known beforehand');
    expect(sentences).toMatch(/Evaluations: \d+ of the objective, [\d,]+ of the gradient, \d+ of the Hessian\./);
    expect(stdout).toMatch(/│ joined │/);
    expect(stdout).toContain('Files: runs/table');
    expect(good[2].stdout).toContain('Files: runs/two-well-coordinate-0');
    expect(good[3].stdout).toContain('2 optima of styblinski-tang in 1 dimensions');
    expect(good[3].stdout).toContain('Files: runs/styblinski-tang-hessian-5');
  });

  it('prints result.json and nothing else with --json', () => {
    expect(good[1].stdout).toBe(cli.read('runs/json/result.json'));
    const result = optimaSchema.parse(JSON.parse(good[1].stdout));
    expect(result).toMatchObject({ kind: 'optima', preset: 'himmelblau', direction: 'dynamic', seed: 3 });
    expect(result.optima.map(({ value }) => Math.abs(value) < 1e-10)).toEqual([true, true, true, true]);
    expect(JSON.parse(cli.read('runs/json/config.json'))).toMatchObject({ seed: 3, search: { direction: 'dynamic' } });
  });

  it.each(WRONG.map((given, k) => [given[0], k] as const))('refuses: %s', (_line, k) => {
    const [, kind, says] = WRONG[k];
    expect(wrong[k]).toMatchObject({ code: 2, stdout: '' });
    expect(wrong[k].stderr).toMatch(new RegExp(`^${kind}: `));
    for (const part of says) expect(wrong[k].stderr).toContain(part);
  });

  it('leaves no directory of a run that was refused', () => {
    expect(cli.left.runs.sort()).toEqual(['json', 'styblinski-tang-hessian-5', 'table', 'two-well-coordinate-0']);
  });
});
