import type { ConfigInput } from '../../src';

/** tierShare, and the searchShare that leaves the search of five paths about 330 steps. */
const SHARES = [
  [0.4, 0.225],
  [0.6, 0.15],
  [0.8, 0.1125],
];

/** What the reduced recipes' few hyper-parameters are chosen from, by validation loss. */
export const GRIDS: Readonly<Record<string, readonly ConfigInput[]>> = {
  'dsp-tt': [
    ...SHARES.map(([tierShare, searchShare]) => ({ dspTt: { tierShare, searchShare } })),
    { dspTt: { memberLrTimes: 2 } },
    { dspTt: { rho1: { max: 0.35, increment: 0.007 } } },
    { dspTt: { rho1: { max: 1, increment: 0.02 }, rho2TimesLr: 3 } },
    { dspTt: { rho2TimesLr: 0.1 } },
  ],
  single: [0.1, 0.2].map((lr) => ({ localSolver: { lr } })),
  fge: [0.88, 0.7].map((start) => ({ fge: { start } })),
  snapshot: [0.1, 0.2].map((lr) => ({ snapshot: { lr } })),
};
