import { analyticSchema } from '../../src/config/closed-form';
import { everyOption, optionsOf } from '../../src/config/option-tree';
import { resolveAnalytic, resolveConfig } from '../../src/config/resolve';
import { configSchema } from '../../src/config/schema';

const KINDS = [
  ['networks', configSchema, resolveConfig([{ from: 'test', values: { preset: 'digits' } }])],
  ['closed-form objectives', analyticSchema, resolveAnalytic([{ from: 'test', values: { preset: 'ackley' } }])],
] as const;

const at = (config: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => Object.entries(inner ?? {}).find(([key]) => key === name)?.[1], config);

describe.each(KINDS)('the options of %s, constants included,', (_kind, schema, config) => {
  const options = everyOption(schema);

  it('are each described, in words that are no sentence', () => {
    for (const { path, description } of options) {
      expect([path.join('.'), description]).toEqual([path.join('.'), expect.stringMatching(/^\S.*[^.\s]$/)]);
    }
  });

  it('are all that a resolved configuration has', () => {
    const parts = options.filter(({ values }) => values === undefined).map(({ path }) => path.join('.'));
    for (const { path } of options) expect([path, at(config, path)]).not.toEqual([path, undefined]);
    for (const [name, value] of Object.entries(config)) {
      const known = options.filter(({ path }) => path[0] === name).map(({ path }) => path[1]);
      expect(known.length).toBeGreaterThan(0);
      if (parts.includes(name)) expect(known.slice(1)).toEqual(expect.arrayContaining(Object.keys(value ?? {})));
    }
  });

  it('say what they can be', () => {
    for (const { path, values } of options) expect([path, values]).not.toEqual([path, '']);
  });
});

it('says what an option can be as the schema has it', () => {
  const values = Object.fromEntries(optionsOf(configSchema).map(({ path, values }) => [path.join('.'), values]));
  expect(values).toMatchObject({
    seed: 'whole number >= 0',
    batchSize: 'whole number >= 1 or full',
    'dspTt.rho1': undefined,
    'dspTt.tierShare': 'number > 0 and < 1 or auto',
    'dspTt.form': 'ratio, literal',
    'dspTt.fullTrain': 'true or false',
    'dataset.dir': 'text or null',
  });
});
