import fs from 'node:fs';
import path from 'node:path';
import { analyticSchema } from '../../src/config/closed-form';
import { withoutPlace } from '../../src/config/difference';
import { everyOption, optionsOf } from '../../src/config/option-tree';
import { resolveAnalytic, resolveConfig } from '../../src/config/resolve';
import { type ConfigInput, configSchema } from '../../src/config/schema';
import { ConfigError } from '../../src/errors';
import { sha256 } from '../../src/store/journal/arrays';
import { canonical } from '../../src/store/journal/canonical';
import { readConfig } from '../../src/store/run-directory';
import { temporaryDirectory } from '../builders';

const root = temporaryDirectory();
const digits = (values: ConfigInput) => resolveConfig([{ from: '--set', values: { preset: 'digits', ...values } }]);
const namesOf = (options: readonly { readonly path: readonly string[] }[]) =>
  options.map(({ path: at }) => at.join('.'));

describe('options that are constants by now', () => {
  it.each([
    ['networks', configSchema, ['dspTt.rho2Schedule', 'dspTt.roundShare', 'csgMcmc.explore']],
    ['closed-form objectives', analyticSchema, ['flow.gradientBelow', 'mergeTolerance']],
  ])('are in no list of options: %s', (_, schema, constants) => {
    const listed = namesOf(optionsOf(schema));
    expect(namesOf(everyOption(schema)).filter((name) => !listed.includes(name))).toEqual(constants);
  });

  it('are refused in a new run with another value, by name, value and place', () => {
    expect(() => digits({ dspTt: { roundShare: 0.5 } })).toThrow(
      new ConfigError('dspTt.roundShare is a constant, 0.75, got 0.5: leave it out (--set)'),
    );
    expect(() => resolveAnalytic([{ from: 'file', values: { preset: 'ackley', mergeTolerance: 0.1 } }])).toThrow(
      new ConfigError('mergeTolerance is a constant, 0.001, got 0.1: leave it out (file)'),
    );
  });

  it('may be stated as they are, as every config.json does', () => {
    expect(digits({ dspTt: { roundShare: 0.75 } })).toEqual(digits({}));
    expect(resolveConfig([{ from: 'config.json', values: digits({}) }])).toEqual(digits({}));
  });

  it('are not offered where a key is unknown', () => {
    expect(() =>
      resolveConfig([{ from: 'x', values: { preset: 'digits', csgMcmc: { explored: 1 } } as object }]),
    ).toThrow("csgMcmc has no key 'explored'; known: cycles, samples, lr, temperature (x)");
  });

  it('are what config.json states in a run of 0.1.0 that set them, and in its hash', async () => {
    const { dspTt, csgMcmc, ...others } = digits({});
    const set = {
      ...others,
      dspTt: { ...dspTt, roundShare: 0.5, rho2Schedule: 'garipov' },
      csgMcmc: { ...csgMcmc, explore: 0.6 },
    };
    fs.writeFileSync(path.join(root, 'config.json'), JSON.stringify(set));
    const config = await readConfig(root);
    expect(config).toEqual(set);
    expect(sha256(canonical(withoutPlace(config)))).toBe(
      'd8a8abf2abe1b9b002795f9f96cd864ae4111200be89145f3bd51b9f4f031c83',
    );
  });
});
