import type { ConfigInput } from '../../src';

/** Pairs of tierShare and the searchShare that leaves the search of five paths 230 to 340 steps. */
const SHARES = [
  [0.25, 0.25],
  [0.4, 0.225],
  [0.6, 0.15],
];
const PAPER_SHARE = { tierShare: 0.25, searchShare: 0.25 };

/** Grids of the reduced recipes' few hyper-parameters, which validation loss chooses from. */
export const GRIDS: Readonly<Record<string, readonly ConfigInput[]>> = {
  'dsp-tt': SHARES.map(([tierShare, searchShare]) => ({ dspTt: { tierShare, searchShare, memberLrTimes: 1 } })),
  'dsp-tt, second look': [
    { dspTt: { ...PAPER_SHARE, memberLrTimes: 0.5 } },
    { dspTt: { ...PAPER_SHARE, memberLrTimes: 1, rho1: { max: 1, increment: 0.02 }, rho2TimesLr: 3 } },
  ],
  'dsp-tt, three paths': [1, 0.5].map((memberLrTimes) => ({ dspTt: { tiers: [3], ...PAPER_SHARE, memberLrTimes } })),
  single: [0.1, 0.2].map((lr) => ({ localSolver: { lr } })),
  fge: [0.88, 0.7].map((start) => ({ fge: { start } })),
  snapshot: [0.1, 0.2].map((lr) => ({ snapshot: { lr } })),
};
