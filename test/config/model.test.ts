import { resolveConfig } from '../../src/config/resolve';
import { type ConfigInput, modelName } from '../../src/config/schema';
import { ConfigError } from '../../src/errors';

const resolved = (...values: ConfigInput[]) =>
  resolveConfig([{ preset: 'wine' }, ...values].map((layer, k) => ({ from: `layer ${k}`, values: layer }))).model;

const FILE: ConfigInput = { model: { python: 'own.py', args: { hidden: 4 } } };

describe('the model of a configuration', () => {
  it('is a name with its arguments, and no weights unless they are stated', () => {
    expect(resolved()).toEqual({ name: 'mlp', python: null, args: { hidden: [16] }, weights: null });
  });

  it('can be a Python function, which replaces the named network of the preset and its arguments', () => {
    expect(resolved(FILE)).toEqual({ name: null, python: 'own.py', args: { hidden: 4 }, weights: null });
  });

  it('can be a name again over a Python function, and another function over that', () => {
    expect(resolved(FILE, { model: { name: 'conv' } })).toMatchObject({ name: 'conv', python: null, args: {} });
    expect(resolved(FILE, { model: { python: 'b.py' } })).toMatchObject({ name: null, python: 'b.py', args: {} });
  });

  it('keeps its arguments where a layer states the same function, others of them, or weights', () => {
    const more = { model: { python: 'own.py', args: { depth: 3 }, weights: 'w.safetensors' } };
    expect(resolved(FILE, more)).toMatchObject({ args: { hidden: 4, depth: 3 }, weights: 'w.safetensors' });
  });

  it('merges an argument that is called name as any other', () => {
    const factory: ConfigInput = { model: { python: 'zoo:get', args: { name: 'a', num_classes: 10 } } };
    expect(resolved(factory, { model: { args: { name: 'b' } } }).args).toEqual({ name: 'b', num_classes: 10 });
  });

  it.each<[string, ConfigInput]>([
    ['neither', { model: { name: null } }],
    ['both', { model: { name: 'mlp', python: 'own.py' } }],
  ])('states a name or a function: %s is refused with both forms', (_, values) => {
    expect(() => resolved(values)).toThrow(ConfigError);
    expect(() => resolved(values)).toThrow(
      /^model: state name \('preresnet'\) or python \('package\.module:function' or 'file\.py'\), one of the two, got \{.*\(layer 1\)$/,
    );
  });

  it('has a name in tables, whatever states it', () => {
    const nameOf = (...values: ConfigInput[]) =>
      modelName(resolveConfig([{ preset: 'wine' }, ...values].map((layer) => ({ from: 'test', values: layer }))));
    expect([nameOf(), nameOf(FILE)]).toEqual(['mlp', 'own.py']);
  });
});
