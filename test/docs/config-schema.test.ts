import Ajv from 'ajv';
import { configFileSchema } from '../../scripts/docs/config-schema';
import { workerNames } from '../../scripts/docs/worker-names';
import { CHOICES } from '../../src/cli/flags/choices';
import { resolveAny } from '../../src/cli/flags/resolve-any';
import { presetAtScale } from '../../src/config/presets/scales';
import { isAnalytic } from '../../src/config/resolve';
import { PRESET_SIZES } from '../../src/config/scale';
import { askPython } from '../python';

const ajv = new Ajv({ allowUnionTypes: true, strictRequired: false });
const validate = ajv.compile(configFileSchema());
const complaints = (file: object) =>
  validate(file) ? [] : (validate.errors ?? []).map(({ instancePath }) => instancePath);

const layer = (values: object) => ({ from: 'test', values });

describe('the JSON Schema of a configuration file', () => {
  it.each(CHOICES.preset)('takes a file that names the preset %s, and one with all that it resolves to', (preset) => {
    const scaled = isAnalytic([layer({ preset })])
      ? [{ preset }]
      : PRESET_SIZES.map((scale) => presetAtScale(preset, scale));
    const whole = scaled.map((values) => resolveAny([layer(values)]));
    for (const file of [{ preset }, { $schema: 'x', preset }, ...scaled, ...whole]) {
      expect([file, complaints(file)]).toEqual([file, []]);
    }
  });

  it.each<[string, object, string]>([
    ['an unknown key', { preset: 'digits', budgets: {} }, ''],
    ['an unknown key of a part', { preset: 'digits', dspTt: { rho1: { stop: 1 } } }, '/dspTt/rho1'],
    ['a value out of range', { preset: 'digits', dspTt: { tierShare: 1 } }, '/dspTt/tierShare'],
    ['a value of another type', { preset: 'digits', seed: '0' }, '/seed'],
    ['an unknown preset', { preset: 'digit' }, '/preset'],
    ['an unknown method', { preset: 'digits', method: 'dsptt' }, '/method'],
    ['an unknown data set', { dataset: { name: 'imagenet' } }, '/dataset/name'],
    ['two budgets', { preset: 'digits', budget: { steps: 1, epochs: 1 } }, '/budget'],
    ['a setting of networks on a closed-form objective', { preset: 'himmelblau', dspTt: {} }, ''],
    ['an unknown objective', { objective: { name: 'egg' } }, '/objective/name'],
  ])('complains of %s', (_what, file, place) => {
    expect(complaints(file)).toContain(place);
  });
});

it('knows the data sets, networks and zoos that the worker knows', () => {
  const program = `
from dsptt_worker.data import DATASETS
from dsptt_worker.models import MODELS
from dsptt_worker.zoo.catalogue import ZOOS
answer = {"dataset": list(DATASETS), "model": list(MODELS), "zoo": list(ZOOS)}`;
  const names = { dataset: workerNames('data'), model: workerNames('models'), zoo: CHOICES.zoo };
  expect(names).toEqual(askPython(program, null));
});
