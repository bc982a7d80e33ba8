import { temporaryDirectory, tinyConfig } from './builders';
import { type Remains, remainsOf } from './sameness';

const METHODS = ['dsp-tt', 'random-jump', 'snapshot', 'independent'];
const DIGITS = { preset: 'digits', budget: { steps: 120 }, dspTt: { rho1: { increment: 0.1 } } };

describe('two runs', () => {
  const directory = temporaryDirectory();
  let first: Remains[];
  let second: Remains[];
  let [otherSeed, digits]: (Remains | undefined)[] = [];
  beforeAll(async () => {
    const configs = [...METHODS.map((method) => tinyConfig({ method, seed: 5 })), tinyConfig(DIGITS)];
    first = await remainsOf(configs, directory, { window: 1, chunk: 1 });
    const other = tinyConfig({ method: 'dsp-tt', seed: 6 });
    second = await remainsOf([...configs, other], directory, { window: 3, chunk: 1000 });
    [digits, otherSeed] = second.slice(METHODS.length);
  });

  it.each(METHODS)('of %s with one seed answer the same, however programs are cut and sent', (method) => {
    const k = METHODS.indexOf(method);
    expect(second[k].result).toEqual(first[k].result);
  });

  it.each(METHODS)('of %s with one seed write the same files', (method) => {
    const k = METHODS.indexOf(method);
    expect(Object.keys(second[k].files)).toEqual(Object.keys(first[k].files));
    for (const [name, bytes] of Object.entries(first[k].files)) {
      expect({ name, same: second[k].files[name].equals(bytes) }).toEqual({ name, same: true });
    }
  });

  it('of a network with batch norm are the same too', () => {
    expect(digits).toEqual(first[METHODS.length]);
  });

  it('with different seeds differ', () => {
    expect(otherSeed?.result.members[0].sha256).not.toBe(first[0].result.members[0].sha256);
    expect(otherSeed?.result.ensembles).not.toEqual(first[0].result.ensembles);
  });
});
