import type { ConfigInput } from '../../src';

const RATES = [0.05, 0.1, 0.2];
/** tierShare, and the searchShare that leaves the search about as many steps whatever the tier has. */
const SHARES = [
  [0.6, 0.5],
  [0.75, 0.4],
  [0.85, 0.35],
];
/** rhoMax, and an increment that reaches it in a third of the search's share. */
const HEIGHTS = [
  [0.5, 0.005],
  [1, 0.01],
  [1.5, 0.015],
];

/** What each method's few hyper-parameters are chosen from, by validation loss. */
export const GRIDS: Readonly<Record<string, readonly ConfigInput[]>> = {
  single: RATES.map((lr) => ({ localSolver: { lr } })),
  independent: RATES.map((lr) => ({ localSolver: { lr } })),
  snapshot: RATES.map((lr) => ({ snapshot: { lr } })),
  fge: [0.02, 0.05, 0.1].map((lrMax) => ({ fge: { lrMax } })),
  'random-jump': SHARES.flatMap(([tierShare, searchShare]) =>
    HEIGHTS.map(([max, increment]) => ({
      dspTt: { tierShare, searchShare, rho1: { max, increment } },
      randomJump: { descents: 'equalTotal' as const },
    })),
  ),
  'dsp-tt': SHARES.flatMap(([tierShare, searchShare]) =>
    HEIGHTS.flatMap(([max, increment]) =>
      [0.03, 0.1, 0.3].map((rho2TimesLr) => ({
        dspTt: { tierShare, searchShare, rho2TimesLr, rho1: { max, increment } },
      })),
    ),
  ),
};

/** The comparison: each method at the setting of its grid with the lowest validation loss. */
export const CHOSEN: Readonly<Record<string, ConfigInput>> = {
  'one network': { method: 'single' },
};
