import fs from 'node:fs';
import path from 'node:path';
import { resolveConfig } from '../../src/config/resolve';
import type { ConfigInput } from '../../src/config/schema';
import { ConfigError } from '../../src/errors';
import { mustFindFiles } from '../../src/run/preflight';
import { Session } from '../../src/run/session/session';
import { failureOf, temporaryDirectory, tinyConfig } from '../builders';

/** All images train, as in the paper: none is left to choose by. */
const ALL_TRAIN: ConfigInput = {
  dataset: { name: 'cifar10-sample', args: { train: 60, validation: 0, test: 20, side: 8 } },
  model: { name: 'conv', args: { channels: [4, 4] } },
  batchSize: 20,
  threads: 1,
  budget: { steps: 30 },
  selectOn: 'training',
  dspTt: {
    tiers: [1, 1],
    tierShare: 0.8,
    searchShare: 0.5,
    rho1: { start: 0.5, increment: 0.5 },
    detector: { decay: 0, minRise: 1e-6, buffer: 0, drop: 1e-6, startBatches: 1 },
    decideEvery: 1,
    lag: 0,
  },
};

describe('a run without validation samples', () => {
  let session: Session;
  const directory = temporaryDirectory();
  beforeAll(async () => {
    session = await Session.start();
  });
  afterAll(() => session.close());
  const runWith = (name: string, values: ConfigInput) => {
    const config = resolveConfig([
      { from: 'test', values: ALL_TRAIN },
      { from: 'test', values },
    ]);
    return session.run(config, { out: `${directory}/${name}` });
  };

  it('measures everything but what validation data would tell', async () => {
    const result = await runWith('all-train', {});
    expect(result.members.length).toBeGreaterThan(1);
    for (const member of result.members.filter(({ state }) => state === 'trained')) {
      expect(member).toMatchObject({ validationLoss: null, validationErrorPct: null, validationRmse: null });
      expect(member.testLoss).toBeGreaterThan(0);
    }
    for (const ensemble of result.ensembles) {
      expect(ensemble).toMatchObject({ validationLoss: null, temperature: null, calibratedTestLoss: null });
      expect(ensemble.testErrorPct).not.toBeNull();
    }
    expect(result.ensembles.filter(({ rule }) => rule === 'validationWeighted')).toEqual([]);
    expect(result.selectedOn).toBe('training');
  });

  it.each([
    { values: { selectOn: 'validation' } as const, says: 'selectOn is validation, but the data set has no validation' },
    {
      values: { localSolver: { earlyStopping: { patience: 2 } } } as const,
      says: 'localSolver.earlyStopping decides by validation data, but the data set has no validation',
    },
    { values: { selection: { rule: 'best' } } as const, says: 'selection.rule is best, which chooses by validation' },
  ])('is refused where it would choose by them: $says', async ({ values, says }) => {
    const error = await failureOf(runWith('refused', values));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain(says);
  });
});

describe('the files that a configuration names', () => {
  const directory = temporaryDirectory();
  const at = (name: string) => path.join(directory, name);
  const naming = (changes: ConfigInput) => tinyConfig(changes, {});
  beforeAll(() => {
    for (const name of ['net.py', 'w.pt']) fs.writeFileSync(at(name), '');
  });

  it.each<[string, ConfigInput, string]>([
    ['a model', { model: { name: null, python: at('no.py') } }, `model.python: there is no file ${at('no.py')}`],
    ['data', { dataset: { python: `${at('no.py')}:rows` } }, `dataset.python: there is no file ${at('no.py')}`],
    ['a loss', { trainingLoss: { python: at('no.py') } }, `trainingLoss.python: there is no file ${at('no.py')}`],
    ['weights', { model: { weights: at('no.pt') } }, `model.weights: there is no file ${at('no.pt')}`],
    ['a folder', { dataset: { dir: at('none') } }, `the data directory ${at('none')} does not exist`],
  ])('must be there before a worker starts: %s', (_, changes, words) => {
    expect(() => mustFindFiles(naming(changes))).toThrow(words);
  });

  it('may be modules, which Python finds', () => {
    const model = { name: null, python: 'timm:create_model', weights: at('w.pt') };
    expect(() => mustFindFiles(naming({ model, dataset: { dir: directory } }))).not.toThrow();
    expect(() => mustFindFiles(naming({ model: { ...model, python: `${at('net.py')}:make` } }))).not.toThrow();
  });
});
