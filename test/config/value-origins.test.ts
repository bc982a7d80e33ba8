import { type ConfigLayer, isAnalytic, resolveAnalytic, resolveConfig } from '../../src/config/resolve';
import { originsOf } from '../../src/config/value-origins';

const file = (values: object, lines: Readonly<Record<string, number>> = {}): ConfigLayer => ({
  from: 'own.yaml',
  values,
  lineOf: (path) => lines[path.join('.')],
});
const flags = (values: object): ConfigLayer => ({ from: 'command line', values });

function fromOf(...layers: ConfigLayer[]): Readonly<Record<string, string>> {
  const config = isAnalytic(layers) ? resolveAnalytic(layers) : resolveConfig(layers);
  return Object.fromEntries(originsOf(layers, config).map(({ path, from }) => [path.join('.'), from]));
}

describe('the origin of a value', () => {
  it('is a default, the preset, its scale, the line of a file, or the command line: the last that states it', () => {
    const origins = fromOf(
      file({ preset: 'digits', seed: 4, dspTt: { lag: 0 } }, { preset: 1, seed: 2, 'dspTt.lag': 5 }),
      flags({ scale: 'smoke', dspTt: { decideEvery: 7 } }),
    );
    expect(origins).toMatchObject({
      preset: 'own.yaml:1',
      seed: 'own.yaml:2',
      method: 'default',
      batchSize: 'preset digits',
      'budget.steps': 'scale smoke of digits',
      'dspTt.lag': 'own.yaml:5',
      'dspTt.decideEvery': 'command line',
      'dspTt.memberLrTimes': 'preset digits',
      'dspTt.form': 'default',
    });
  });

  it('is not what another network, data set or budget has replaced', () => {
    const origins = fromOf(
      file({ preset: 'wine-quality', budget: { epochs: 3 }, model: { name: 'mlp', args: { hidden: [3] } } }),
      flags({ model: { name: 'conv' } }),
    );
    expect(origins).toMatchObject({
      'model.name': 'command line',
      'model.args': 'default',
      'budget.epochs': 'own.yaml',
    });
    expect(origins).not.toHaveProperty('budget.steps');
  });

  it('is told of arguments one by one', () => {
    const origins = fromOf(file({ preset: 'cifar10-vgg16' }), flags({ dataset: { args: { train: 100 } } }));
    expect(origins).toMatchObject({
      'dataset.args.train': 'command line',
      'dataset.args.normalise': 'preset cifar10-vgg16',
    });
  });

  it('is told of closed-form objectives too', () => {
    expect(fromOf(flags({ preset: 'rosenbrock', seed: 1 }))).toMatchObject({
      seed: 'command line',
      'objective.dims': 'preset rosenbrock',
      'flow.tolerance': 'default',
      method: 'default',
    });
  });
});

describe('what is wrong with a file', () => {
  it('is told with its line', () => {
    const wrong = file({ preset: 'digits', dspTt: { lag: -1 } }, { 'dspTt.lag': 3 });
    expect(() => resolveConfig([wrong])).toThrow('dspTt.lag must be >= 0, got -1 (own.yaml:3)');
  });
});

describe('$schema', () => {
  it('is for editors: it sets nothing', () => {
    const plain = resolveConfig([file({ preset: 'digits' })]);
    expect(resolveConfig([file({ $schema: './config.schema.json', preset: 'digits' })])).toEqual(plain);
    expect(resolveAnalytic([file({ $schema: 'x', preset: 'ackley' })])).not.toHaveProperty('$schema');
  });

  it('is no setting, nor is the place that config.json of a run says it was made in', () => {
    const madeIn = { folder: '/project', run: '/project/runs/first' };
    const plain = resolveConfig([file({ preset: 'digits' })]);
    expect(resolveConfig([file({ ...{ madeIn }, preset: 'digits' })])).toEqual(plain);
  });
});
