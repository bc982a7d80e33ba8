import { PRESETS } from '../../src/config/presets';
import { presetAtScale } from '../../src/config/presets/scales';
import { type ConfigLayer, resolveConfig } from '../../src/config/resolve';
import { PRESET_SIZES } from '../../src/config/scale';
import { budgetSteps, type Config, type ConfigInput } from '../../src/config/schema';
import { ConfigError, UsageError } from '../../src/errors';
import { planBudget } from '../../src/trust-tech/budget';

const flags = (values: ConfigInput): ConfigLayer => ({ from: 'flags', values });
const file = (values: ConfigInput): ConfigLayer => ({ from: 'own.yaml', values });
const resolved = (...layers: ConfigLayer[]): Config => resolveConfig(layers);
const onDigits = (values: ConfigInput): Config => resolved(file({ preset: 'digits', ...values }));
/** What a network of a name has no need to state. */
const NAMED = { python: null, weights: null };
/** What a file may hold, whatever the types say. */
const fromFile = (text: string): ConfigLayer => file(JSON.parse(text));

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('no ConfigError was thrown');
}

describe('resolveConfig', () => {
  it.each(Object.keys(PRESETS))('resolves the preset %s as it stands', (preset) => {
    expect(resolved(flags({ preset }))).toMatchObject({ preset, method: 'dsp-tt' });
  });

  it.each(Object.keys(PRESETS).flatMap((preset) => PRESET_SIZES.map((scale) => ({ preset, scale }))))(
    'resolves $preset at the scale $scale, with every part of its budget large enough',
    ({ preset, scale }) => {
      const config = resolved(flags(presetAtScale(preset, scale)));
      expect(config).toMatchObject({ preset, scale });
      const samples = config.dataset.args.train ?? 300;
      const perEpoch = config.batchSize === 'full' ? 1 : Math.floor(Number(samples) / config.batchSize);
      expect(() => planBudget(budgetSteps(config, perEpoch), config.dspTt)).not.toThrow();
    },
  );

  it('puts a scale over its preset and under everything else', () => {
    const config = resolved(
      file({ preset: 'cifar10-resnet164', scale: 'reduced' }),
      flags({ model: { args: { width: 8 } } }),
    );
    expect(config.model).toMatchObject({ name: 'preresnet', args: { depth: 20, width: 8 } });
    expect(config.localSolver).toMatchObject(PRESETS['cifar10-resnet164'].localSolver);
    expect(config.selectOn).toBe('validation');
  });

  it('refuses a scale that there is not', () => {
    const message = messageOf(() => resolved(fromFile('{"preset": "digits", "scale": "small"}')));
    expect(message).toBe('scale must be one of full, reduced, smoke, got "small" (own.yaml)');
  });

  it('gives a recipe on CIFAR-100 what it has on CIFAR-10, but for the data', () => {
    const [ten, hundred] = ['cifar10-vgg16', 'cifar100-vgg16'].map((preset) => resolved(flags({ preset })));
    expect(hundred).toEqual({ ...ten, preset: 'cifar100-vgg16', dataset: { ...ten.dataset, name: 'cifar100' } });
  });

  it('lets a file go over the preset, and flags over the file', () => {
    const config = resolved(
      file({ preset: 'digits', seed: 1, batchSize: 25, dspTt: { tiers: [3, 2], rho1: { increment: 0.07 } } }),
      flags({ seed: 2, dspTt: { rho1: { max: 2 } } }),
    );
    expect(config).toMatchObject({ seed: 2, batchSize: 25, threads: 1 });
    expect(config.dspTt).toMatchObject({ tiers: [3, 2], tierShare: PRESETS.digits.dspTt.tierShare });
    expect(config.dspTt.rho1).toEqual({ start: 0.02, increment: 0.07, max: 2, clock: 'iteration' });
  });

  it('fills in the defaults of what nobody states', () => {
    const config = resolved(file({ dataset: { name: 'd' }, model: { name: 'm' }, budget: { steps: 10 } }));
    expect(config.dspTt.detector).toMatchObject({ drop: 0.3, startBatches: 20 });
    expect(config).toMatchObject({ preset: null, method: 'dsp-tt', seed: 0, batchSize: 128, selectOn: 'validation' });
  });

  it('leaves the search to the program without a preset, except what is stated', () => {
    const own = { dataset: { name: 'd' }, model: { name: 'm' }, budget: { steps: 10 } };
    const { dspTt } = resolved(file({ ...own, dspTt: { lag: 3, detector: { buffer: 7 } } }));
    expect(dspTt).toMatchObject({
      tierShare: 'auto',
      searchShare: 'auto',
      rho2TimesLr: 'auto',
      decideEvery: 'auto',
      lag: 3,
    });
    expect(dspTt.rho1.increment).toBe('auto');
    expect(dspTt.calibration.solver).toBe('auto');
    expect(dspTt.detector).toMatchObject({ decay: 'auto', minRise: 'auto', buffer: 7 });
  });

  it('takes the paper for what a preset does not state, unless auto is stated', () => {
    expect(resolved(flags({ preset: 'cifar10-vgg16' })).dspTt.detector.decay).toBe(0.95);
    const fitted = resolved(flags({ preset: 'cifar10-vgg16', dspTt: { detector: { decay: 'auto' } } }));
    expect(fitted.dspTt.detector.decay).toBe('auto');
  });

  it('takes the loss for labels where a data set is given their names, unless another is stated', () => {
    const args = { labels: ['a', 'b'] };
    const lossOf = (...layers: ConfigInput[]) =>
      resolved(file({ model: { name: 'm' }, budget: { steps: 10 } }), ...layers.map(flags)).loss;
    expect(lossOf({ dataset: { name: 'csv', args } })).toBe('binaryCrossEntropy');
    expect(lossOf({ dataset: { name: 'csv', args } }, { loss: 'crossEntropy' })).toBe('crossEntropy');
    expect(lossOf({ dataset: { name: 'csv', args } }, { dataset: { name: 'wine' } })).toBe('crossEntropy');
    expect(lossOf({ dataset: { python: 'own.py', args } })).toBe('crossEntropy');
  });

  it('takes the preset of the last layer that names one', () => {
    const config = resolved(file({ preset: 'digits' }), flags({ preset: 'wine' }));
    expect(config).toMatchObject({ preset: 'wine', dataset: { name: 'wine' }, model: { name: 'mlp' } });
  });

  it('takes a flag that was not given for nothing', () => {
    const config = resolved(file({ preset: 'digits', seed: 5 }), flags({ preset: undefined, seed: undefined }));
    expect(config).toMatchObject({ preset: 'digits', seed: 5 });
  });

  it('lets a layer set a value back to null', () => {
    const config = resolved(
      file({ preset: 'digits', randomJump: { length: 2 } }),
      flags({ randomJump: { length: null } }),
    );
    expect(config.randomJump.length).toBeNull();
  });

  it('replaces a budget instead of merging it', () => {
    expect(onDigits({ budget: { epochs: 2.5 } }).budget).toEqual({ epochs: 2.5 });
  });

  it('drops the arguments of a data set or model when another takes its place, and merges them otherwise', () => {
    const other = resolved(flags({ preset: 'wine', model: { name: 'conv' }, dataset: { name: 'digits' } }));
    expect(other.model).toEqual({ ...NAMED, name: 'conv', args: {} });
    expect(other.dataset).toEqual({ name: 'digits', args: {}, dir: null, python: null });
    const same = resolved(flags({ preset: 'wine', model: { name: 'mlp', args: { depth: 2 } } }));
    expect(same.model).toEqual({ ...NAMED, name: 'mlp', args: { hidden: [16], depth: 2 } });
    const nameless = resolved(flags({ preset: 'wine', model: { args: { hidden: [8, 8] } } }));
    expect(nameless.model).toEqual({ ...NAMED, name: 'mlp', args: { hidden: [8, 8] } });
  });

  it('leaves presets and layers as they were', () => {
    const before = structuredClone(PRESETS);
    const layer = flags({ preset: 'wine', model: { args: { depth: 2 } } });
    resolved(layer);
    expect(PRESETS).toEqual(before);
    expect(layer).toEqual(flags({ preset: 'wine', model: { args: { depth: 2 } } }));
  });
});

describe('its errors', () => {
  it.each(['digit', 'toString', '__proto__'])('name the known presets for %s', (preset) => {
    expect(() => onDigits({ preset })).toThrow(UsageError);
    expect(() => onDigits({ preset })).toThrow(`unknown preset '${preset}'; known: digits, wine`);
  });

  it('name an unknown key and the keys that there are', () => {
    const typo = fromFile('{"preset": "digits", "dspTt": {"rho1": {"incremnt": 1}}}');
    expect(messageOf(() => resolved(typo))).toContain(
      "dspTt.rho1 has no key 'incremnt'; known: start, increment, max, clock",
    );
    const top = messageOf(() => resolved(fromFile('{"preset": "digits", "sede": 1}')));
    expect(top).toContain("the configuration has no key 'sede'; known: preset, scale, method, seed,");
    const model = messageOf(() => resolved(fromFile('{"preset": "digits", "model": {"hidden": 1}}')));
    expect(model).toContain("model has no key 'hidden'; known: name, python, args, weights");
  });

  it('name the path, the bound, the value and the layer that it came from', () => {
    const layers = [file({ preset: 'digits' }), flags({ dspTt: { rho1: { increment: -0.001 } } })];
    const message = messageOf(() => resolved(...layers));
    expect(message).toContain('dspTt.rho1.increment must be > 0, got -0.001');
    expect(message).toContain('flags');
  });

  it.each<[string, ConfigInput, string]>([
    ['a negative count', { dspTt: { tiers: [5, -1] } }, 'dspTt.tiers.1 must be >= 1, got -1'],
    ['a fraction of a path', { dspTt: { tiers: [1.5] } }, 'dspTt.tiers.0 must be of type int, got 1.5'],
    ['a share of all', { dspTt: { searchShare: 1 } }, 'dspTt.searchShare must be < 1, got 1'],
    ['too many paths', { dspTt: { tiers: [101] } }, 'dspTt.tiers.0 must be <= 100, got 101'],
    ['a budget of nothing', { budget: { steps: 0 } }, 'budget.steps must be >= 1, got 0'],
    ['a start above the maximum', { dspTt: { rho1: { start: 2 } } }, 'dspTt.rho1: start must be at most max'],
    ['no tier', { dspTt: { tiers: [] } }, 'dspTt.tiers must'],
    ['a batch of nothing', { batchSize: 0 }, 'batchSize must be >= 1'],
    ['two budgets', { budget: { steps: 1, epochs: 2 } }, 'budget must be {steps: N} or {epochs: N}'],
  ])('say what is wrong with %s', (_what, values, message) => {
    expect(messageOf(() => onDigits(values))).toContain(message);
  });

  it('say which number they got when it is NaN or infinite', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = messageOf(() => onDigits({ dspTt: { rho1: { increment: value } } }));
      expect(message).toContain(`dspTt.rho1.increment must be`);
      expect(message).toContain(`got ${value}`);
    }
  });

  it('say which text they got in place of a number or a choice', () => {
    const number = messageOf(() => resolved(fromFile('{"preset": "digits", "dspTt": {"tiers": ["5"]}}')));
    expect(number).toContain('dspTt.tiers.0 must be of type number, got "5"');
    const choice = messageOf(() => resolved(fromFile('{"preset": "digits", "localSolver": {"schedule": "x"}}')));
    expect(choice).toContain(
      'localSolver.schedule must be one of constant, garipov, multiStep, cosine, warmupCosine, got "x"',
    );
  });

  it('speak of the budget only where it is meant', () => {
    const message = messageOf(() => resolved(fromFile('{"preset": "digits", "batchSize": "half"}')));
    expect(message).toMatch(/^batchSize must be .*full/);
    expect(message).toContain('got "half"');
    expect(message).not.toContain('epochs');
  });

  it('name each value once', () => {
    const message = messageOf(() => onDigits({ seed: 2 ** 53 }));
    expect(message.match(/seed must be/g)).toHaveLength(1);
  });

  it('name all that is missing', () => {
    const message = messageOf(() => resolved(file({})));
    for (const key of ['dataset', 'model', 'budget']) expect(message).toContain(`${key} is missing`);
  });
});

describe('budgetSteps', () => {
  it('counts epochs in steps, at least one', () => {
    expect(budgetSteps(onDigits({ budget: { epochs: 2.5 } }), 7)).toBe(18);
    expect(budgetSteps(onDigits({ budget: { epochs: 0.001 } }), 7)).toBe(1);
    expect(budgetSteps(onDigits({ budget: { steps: 3 } }), 7)).toBe(3);
  });
});
