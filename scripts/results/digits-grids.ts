import type { ConfigInput } from '../../src';

const RATES = [0.05, 0.1, 0.2];
/** Pairs of tierShare and the searchShare that leaves the search about as many steps for every tierShare. */
const SHARES = [
  [0.6, 0.5],
  [0.75, 0.4],
  [0.85, 0.35],
];
/** Pairs of rhoMax and an increment that reaches it in a third of the search's share. */
const HEIGHTS = [
  [0.5, 0.005],
  [1, 0.01],
  [1.5, 0.015],
];

/**
 * Returns grids of member rates: a longer displacement makes the weights longer, so the members' descents may need a
 * higher rate.
 */
const memberRates = (method: string, more: ConfigInput): ConfigInput[] =>
  [2, 4].flatMap((memberLrTimes) =>
    SHARES.flatMap(([tierShare, searchShare]) =>
      HEIGHTS.slice(1).map(([max, increment]) => ({
        method,
        dspTt: { memberLrTimes, tierShare, searchShare, rho1: { max, increment } },
        ...more,
      })),
    ),
  );

/** Grids of each method's few hyper-parameters, which validation loss chooses from. */
export const GRIDS: Readonly<Record<string, readonly ConfigInput[]>> = {
  single: RATES.map((lr) => ({ localSolver: { lr } })),
  independent: RATES.map((lr) => ({ localSolver: { lr } })),
  snapshot: RATES.map((lr) => ({ snapshot: { lr } })),
  fge: [0.02, 0.05, 0.1].map((lrMax) => ({ fge: { lrMax } })),
  'random-jump': SHARES.flatMap(([tierShare, searchShare]) =>
    HEIGHTS.map(([max, increment]) => ({
      dspTt: { memberLrTimes: 1, tierShare, searchShare, rho1: { max, increment } },
      randomJump: { descents: 'equalTotal' as const },
    })),
  ),
  'dsp-tt': SHARES.flatMap(([tierShare, searchShare]) =>
    HEIGHTS.flatMap(([max, increment]) =>
      [0.03, 0.1, 0.3].map((rho2TimesLr) => ({
        dspTt: { memberLrTimes: 1, tierShare, searchShare, rho2TimesLr, rho1: { max, increment } },
      })),
    ),
  ),
  'dsp-tt, second look': memberRates('dsp-tt', {}),
  'random-jump, second look': memberRates('random-jump', { randomJump: { descents: 'equalTotal' } }),
};

/**
 * Settings of the comparison. The preset holds each method's chosen setting; only the differences are here: the
 * controls, a higher rhoMax, and other budgets.
 */
export const CHOSEN: Readonly<Record<string, ConfigInput>> = {
  'one network': { method: 'single' },
  'DSP-TT tier-0-1': { method: 'dsp-tt' },
  'DSP-TT tier-0-1, rhoMax 1.5': { method: 'dsp-tt', dspTt: { rho1: { max: 1.5, increment: 0.015 } } },
  'random jump of length 1, the same descents': { method: 'random-jump' },
  'DSP-TT tier-0-1, members at lr0': {
    method: 'dsp-tt',
    dspTt: { memberLrTimes: 1, tierShare: 0.6, searchShare: 0.5 },
  },
  'random jump of length 1.5, equal total': {
    method: 'random-jump',
    dspTt: { tierShare: 0.6, searchShare: 0.5, rho1: { max: 1.5, increment: 0.015 } },
    randomJump: { descents: 'equalTotal' },
  },
  'snapshot (SSE)': { method: 'snapshot' },
  FGE: { method: 'fge' },
  'independent, equal total': { method: 'independent' },
  'one network, two budgets': { method: 'single', budget: { steps: 3000 } },
  'DSP-TT tier-0-1, two budgets': { method: 'dsp-tt', budget: { steps: 3000 } },
  'independent, six budgets': { method: 'independent', independent: { budgets: 6 } },
};
