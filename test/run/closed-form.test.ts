import fs from 'node:fs';
import path from 'node:path';
import { analyticSchema } from '../../src/config/closed-form';
import { resolveAnalytic } from '../../src/config/resolve';
import { ConfigError, DataError, UsageError } from '../../src/errors';
import { optimaSummary, optimaTable, tierGraphTable } from '../../src/report/optima';
import { runAnalytic } from '../../src/run/closed-form';
import { readOptima } from '../../src/store/optima';
import { verifyOptimum } from '../../src/verification/closed-form';
import { failureOf, temporaryDirectory } from '../builders';

const directory = temporaryDirectory();
const at = (name: string) => path.join(directory, name);
const configOf = (values: object) => resolveAnalytic([{ from: 'test', values }]);
const run = (name: string, values: object) => runAnalytic(configOf(values), { out: at(name) });

describe('a run on a closed-form objective', () => {
  it('keeps its whole configuration and its result', async () => {
    const result = await run('kept/camel', { preset: 'six-hump-camel', seed: 2 });
    expect(await readOptima(at('kept/camel'))).toEqual(result);
    const config = analyticSchema.parse(JSON.parse(fs.readFileSync(at('kept/camel/config.json'), 'utf8')));
    expect(config).toEqual(configOf({ preset: 'six-hump-camel', seed: 2 }));
    expect(result).toMatchObject({ kind: 'optima', seed: 2, direction: 'coordinate', stopped: 'noneNew' });
    expect(result.known).toEqual({ minima: 6, found: 6, complete: true });
    expect(result.optima[0]).toMatchObject({ tier: 0, parent: null, exit: null });
    expect(result.evaluations.gradient).toBeGreaterThan(1000);
  });

  it('differs between two runs of a seed in its timings only', async () => {
    const [{ timings: _1, ...once }, { timings: _2, ...again }] = [
      await run('once', { preset: 'himmelblau', search: { direction: 'dynamic' } }),
      await run('again', { preset: 'himmelblau', search: { direction: 'dynamic' } }),
    ];
    expect(again).toEqual(once);
  });

  it('counts the known minima that its box and its limits left out', async () => {
    const { known, optima } = await run('part', { preset: 'rastrigin', start: [0, 0], maxTiers: 1 });
    expect(known).toEqual({ minima: 25, found: 5, complete: false });
    expect(optima).toHaveLength(5);
  });

  it.each([
    ['exists', {}, UsageError, 'exists already'],
    ['short', { start: [1] }, ConfigError, 'start must have 2 coordinates, got 1'],
    ['far', { start: [1, 9] }, ConfigError, 'start must lie in the box [-5, 5] x [-5, 5], got 1, 9'],
    ['dims', { objective: { name: 'himmelblau', dims: 3 } }, ConfigError, 'objective.dims must be 2'],
    ['metric', { objective: { name: 'ackley' }, flow: { metric: 'gauss-newton' } }, UsageError, 'a sum of squares'],
  ])('leaves no directory when it cannot begin: %s', async (name, values, kind, message) => {
    fs.mkdirSync(at('exists'), { recursive: true });
    const preset = 'objective' in values ? {} : { preset: 'himmelblau' };
    const error = await failureOf(run(name, { ...preset, ...values }));
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(message);
    expect(fs.existsSync(at(name))).toBe(name === 'exists');
    expect(fs.readdirSync(at('exists'))).toEqual([]);
  });
});

describe('readOptima', () => {
  it('refuses what is no such result', async () => {
    const reason = async (name: string) => failureOf(readOptima(at(name)));
    expect(await reason('nowhere')).toBeInstanceOf(DataError);
    fs.mkdirSync(at('network'));
    fs.writeFileSync(at('network/result.json'), '{"schema": 1, "method": "dsp-tt"}');
    expect((await reason('network')).message).toContain('not a result of a closed-form objective');
  });
});

describe('verifyOptimum', () => {
  const found = async () => {
    const config = configOf({ preset: 'six-hump-camel', seed: 0 });
    return { config, result: await runAnalytic(config, { out: `${fs.mkdtempSync(at('v-'))}/run` }) };
  };

  it('finds that every exit of a run parts two stability regions', async () => {
    const finished = await found();
    for (const k of finished.result.optima.keys()) {
      if (k === 0) continue;
      const check = await verifyOptimum(finished, k, { each: 3, spacing: 2 });
      const { parent, exit } = finished.result.optima[k];
      expect(check).toMatchObject({ optimum: k, parent, exit, separates: true });
      expect(check.samples.map(({ reached }) => reached)).toEqual([parent, parent, parent, k, k, k]);
    }
  });

  it('has no exit to verify where the search began', async () => {
    expect(await failureOf(verifyOptimum(await found(), 0))).toBeInstanceOf(UsageError);
  });

  it('refuses a result that does not come from its configuration', async () => {
    const { result } = await found();
    const other = configOf({ preset: 'six-hump-camel', search: { rho1: { increment: 0.007 } } });
    expect(await failureOf(verifyOptimum({ result, config: other }, 1))).toBeInstanceOf(DataError);
  });
});

describe('the report', () => {
  it('shows every optimum, what joins them, and what they cost', async () => {
    const result = await run('shown', { preset: 'two-well', start: [-1, 0] });
    expect(optimaTable(result)).toMatch(
      /│ 1 +│ \(1\.0000, -?0\.0000\) +│ +1 │ +0 │ +\(0\.\d+, 0\.0000\) │[\s\S]*In all rows value: 0\.000000\./,
    );
    expect(tierGraphTable(result)).toMatch(/│ 0 - 1 +│ +2 │/);
    const words = optimaSummary(result);
    expect(words).toContain('2 optima of two-well in 2 dimensions, tiers 0 to 1; 2 of the 2 known beforehand.');
    expect(words).toContain('8 coordinate paths: 1 to a new optimum, 1 to a known one, 0 back');
    const { objective, gradient, hessian } = result.evaluations;
    expect(words).toContain(
      `Evaluations: ${objective} of the objective, ${gradient.toLocaleString('en-US')} of the gradient, ${hessian} of the Hessian.`,
    );
    expect(words).not.toContain('there may be more');
  });

  it('says where it ended at a limit', async () => {
    const result = await run('limited', { preset: 'rastrigin', start: [0, 0], maxTiers: 1 });
    expect(optimaSummary(result)).toContain('The search ended at maxTiers: there may be more.');
    expect(optimaSummary(result)).toContain('5 of the 25 known beforehand (it may have others)');
  });
});
