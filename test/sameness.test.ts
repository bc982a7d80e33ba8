import type { ConfigInput } from '../src/config/schema';
import { temporaryDirectory, tinyConfig } from './builders';
import { type Remains, remainsOf } from './sameness';

const DIGITS = { preset: 'digits', budget: { steps: 120 }, dspTt: { rho1: { increment: 0.1 } } };
/** Every option that sends commands between the cells of a search, or after it. */
const ALL_OPTIONS: ConfigInput = {
  seed: 4,
  budget: { steps: 400 },
  localSolver: { nesterov: true },
  dspTt: {
    tiers: [3, 2],
    verify: 'barrier',
    verifyRise: 1e-6,
    verifyStretch: 1,
    rho1: { increment: 0.4, max: 4 }, // far and well calibrated: some paths come down beyond a barrier
    rho2TimesLr: 3,
    calibration: { momentum: 0.5 },
    averageMembers: true,
    fineTune: { epochs: 1 },
  },
};
const RUNS: Readonly<Record<string, ConfigInput>> = {
  'dsp-tt': { method: 'dsp-tt' },
  'dsp-tt with all its options': { method: 'dsp-tt', ...ALL_OPTIONS },
  'dsp-tt with Adam': {
    method: 'dsp-tt',
    localSolver: { solver: 'adam', lr: 0.01 },
    dspTt: { calibration: { solver: 'adam' } },
  },
  'random-jump': { method: 'random-jump', dspTt: { tiers: [2, 2] } },
  'csg-mcmc': { method: 'csg-mcmc' },
  independent: { method: 'independent' },
};
const NAMES = Object.keys(RUNS);

describe('two runs', () => {
  const directory = temporaryDirectory();
  let first: Remains[];
  let second: Remains[];
  let [otherSeed, digits]: (Remains | undefined)[] = [];
  beforeAll(async () => {
    const configs = [...NAMES.map((name) => tinyConfig({ seed: 5 }, RUNS[name])), tinyConfig(DIGITS)];
    first = await remainsOf(configs, directory, { window: 1, chunk: 2 });
    const other = tinyConfig({ method: 'dsp-tt', seed: 6 });
    second = await remainsOf([...configs, other], directory, { window: 3, chunk: 1000 });
    [digits, otherSeed] = second.slice(NAMES.length);
  });

  it.each(NAMES)('of %s with one seed answer the same, however programs are cut and sent', (name) => {
    const k = NAMES.indexOf(name);
    expect(second[k].result).toEqual(first[k].result);
  });

  it.each(NAMES)('of %s with one seed write the same files', (name) => {
    const k = NAMES.indexOf(name);
    expect(Object.keys(second[k].files)).toEqual(Object.keys(first[k].files));
    for (const [file, bytes] of Object.entries(first[k].files)) {
      expect({ file, same: second[k].files[file].equals(bytes) }).toEqual({ file, same: true });
    }
  });

  it('are compared where exits were verified and members averaged and tuned', () => {
    const { members } = first[1].result;
    expect(members.some(({ exit }) => exit !== null && exit.barrier !== null)).toBe(true);
    expect(members.some(({ name, state }) => name.endsWith('-tuned') && state === 'trained')).toBe(true);
    expect(Object.keys(first[1].files).some((name) => name.endsWith('-averaged.csv'))).toBe(true);
  });

  it('of a network with batch norm are the same too', () => {
    expect(digits).toEqual(first[NAMES.length]);
  });

  it('with different seeds differ', () => {
    expect(otherSeed?.result.members[0].sha256).not.toBe(first[0].result.members[0].sha256);
    expect(otherSeed?.result.ensembles).not.toEqual(first[0].result.ensembles);
  });
});
