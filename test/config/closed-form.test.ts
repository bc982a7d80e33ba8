import { OBJECTIVES } from '../../src/closed-form/objectives';
import { ANALYTIC_PRESETS } from '../../src/config/presets/closed-form';
import { type ConfigLayer, isAnalytic, resolveAnalytic, resolveConfig } from '../../src/config/resolve';
import { ConfigError, UsageError } from '../../src/errors';

const layer = (values: object): ConfigLayer<object> => ({ from: 'own.yaml', values });
const resolved = (...values: readonly object[]) => resolveAnalytic(values.map(layer));

describe('resolveAnalytic', () => {
  it('has a preset of every objective, and resolves each as it stands', () => {
    expect(Object.keys(ANALYTIC_PRESETS).sort()).toEqual(Object.keys(OBJECTIVES).sort());
    for (const preset of Object.keys(ANALYTIC_PRESETS)) {
      expect(resolved({ preset })).toMatchObject({ preset, method: 'tier-by-tier', objective: { name: preset } });
    }
  });

  it('fills in the defaults, and lets a layer go over the preset', () => {
    const config = resolved({ preset: 'rastrigin', search: { rho1: { max: 1 } } }, { objective: { dims: 3 }, seed: 4 });
    expect(config.objective).toEqual({ name: 'rastrigin', dims: 3, box: [-2, 2] });
    expect(config.search).toMatchObject({ direction: 'coordinate', rho2: 5e-5, rho1: { start: 0.005, max: 1 } });
    expect(config).toMatchObject({ seed: 4, start: null, mergeTolerance: 1e-3, flow: { metric: 'identity' } });
  });

  it('takes an objective without a preset', () => {
    expect(resolved({ objective: { name: 'ackley' } })).toMatchObject({
      preset: null,
      objective: { dims: 2, box: null },
    });
  });

  it.each([
    [
      'an unknown key',
      { search: { pathz: 1 } },
      "search has no key 'pathz'; known: direction, paths, rho1, rho2, detector",
    ],
    [
      'a key of networks',
      { dspTt: { tiers: [5] } },
      "the configuration has no key 'dspTt'; known: preset, method, seed",
    ],
    [
      'an unknown objective',
      { objective: { name: 'egg' } },
      'objective.name must be one of six-hump-camel, himmelblau',
    ],
    [
      'an unknown direction',
      { search: { direction: 'up' } },
      'must be one of random, coordinate, hessian, dynamic, got "up"',
    ],
    ['an unknown metric', { flow: { metric: 'newton' } }, 'must be one of identity, gauss-newton, levenberg-marquardt'],
    ['another method', { method: 'dsp-tt' }, 'method must be one of tier-by-tier, got "dsp-tt"'],
    ['a box upside down', { objective: { box: [2, -2] } }, 'objective.box: must be [from, to] with from below to'],
    ['a pace that cannot start', { search: { rho1: { start: 3 } } }, 'search.rho1: start must be at most max'],
    ['no objective', { preset: null, seed: 1 }, 'objective is missing'],
  ])('names the key and the value of %s, and where they come from', (_what, values, message) => {
    const layers = 'preset' in values ? [layer(values)] : [layer({ preset: 'himmelblau' }), layer(values)];
    expect(() => resolveAnalytic(layers)).toThrow(ConfigError);
    expect(() => resolveAnalytic(layers)).toThrow(message);
  });
});

describe('the two kinds of runs', () => {
  it('are told apart by the objective that a layer, or its preset, states', () => {
    expect(isAnalytic([layer({ preset: 'himmelblau' })])).toBe(true);
    expect(isAnalytic([layer({ objective: { name: 'ackley' } })])).toBe(true);
    expect(isAnalytic([layer({ preset: 'digits' })])).toBe(false);
    expect(isAnalytic([layer({ preset: 'nope' }), layer({})])).toBe(false);
    expect(isAnalytic([layer({ preset: 'himmelblau' }), layer({ preset: 'digits' })])).toBe(false);
  });

  it('share the list of presets that an unknown one is answered with', () => {
    const known = /^unknown preset 'nope'; known: digits, .*wine.*, six-hump-camel, himmelblau, rastrigin, ackley/;
    for (const resolve of [resolveConfig, resolveAnalytic]) {
      expect(() => resolve([layer({ preset: 'nope' })])).toThrow(UsageError);
      expect(() => resolve([layer({ preset: 'nope' })])).toThrow(known);
    }
  });

  it("do not take each other's presets", () => {
    expect(() => resolveConfig([layer({ preset: 'himmelblau' })])).toThrow(UsageError);
    expect(() => resolveConfig([layer({ preset: 'himmelblau' })])).toThrow(
      "preset 'himmelblau' is of a closed-form objective, but a network is needed here: digits",
    );
    expect(() => resolved({ preset: 'digits', objective: { name: 'ackley' } })).toThrow(
      "preset 'digits' is of a network, but a closed-form objective is needed here: six-hump-camel",
    );
  });
});
