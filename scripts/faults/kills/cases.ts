import type { ConfigInput } from '../../../src/config/schema';

const SEARCH = {
  rho1: { increment: 0.05 },
  detector: { buffer: 3, decay: 0.7, minRise: 0.05, startBatches: 3 },
  decideEvery: 5,
} satisfies ConfigInput['dspTt'];

/** Returns a run on digits that is shortened to some seconds. */
function digits(method: string, steps: number, values: ConfigInput = {}): ConfigInput {
  return { preset: 'digits', method, budget: { steps }, ...values };
}

/** Runs to be killed: every method, and DSP-TT once more with the options that send other commands. */
export const CASES = {
  'dsp-tt': digits('dsp-tt', 500, { dspTt: { ...SEARCH, tiers: [2, 1], averageMembers: true } }),
  'dsp-tt-verified': digits('dsp-tt', 500, { dspTt: { ...SEARCH, tiers: [2], verify: 'barrier', retries: 2 } }),
  'random-jump': digits('random-jump', 400, { dspTt: { tiers: [1, 1] } }),
  snapshot: digits('snapshot', 400, { snapshot: { cycles: 4 } }),
  fge: digits('fge', 400, { fge: { cycles: 4 } }),
  swa: digits('swa', 400),
  horizontal: digits('horizontal', 400, { horizontal: { members: 4 } }),
  'csg-mcmc': digits('csg-mcmc', 400, { csgMcmc: { cycles: 2, samples: 2 } }),
  independent: digits('independent', 400, { independent: { members: 3 } }),
  single: digits('single', 400),
} as const satisfies Readonly<Record<string, ConfigInput>>;

export type Case = keyof typeof CASES;
export const CASE_NAMES = Object.keys(CASES) as [Case, ...Case[]];
