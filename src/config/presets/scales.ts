import { SMOKE_OPTIONS } from '../../methods';
import type { PresetSize } from '../scale';
import type { ConfigInput } from '../schema';

/** Differences of the smaller scales from a preset's full scale; empty if a scale equals the full one. */
export type Scaled = Readonly<Record<Exclude<PresetSize, 'full'>, ConfigInput>>;

/** A few steps of tier 0, a search of some steps and no more than a step or two a descent. */
export const SMOKE = {
  budget: { steps: 24 },
  pairBarriers: false,
  barrierPoints: 3,
  dspTt: {
    tiers: [2],
    tierShare: 0.5,
    searchShare: 0.5,
    rho1: { start: 0.5, increment: 0.25, max: 1 },
    detector: { decay: 0, minRise: 1e-6, buffer: 0, drop: 1e-6, startBatches: 2 },
    decideEvery: 1,
    lag: 0,
    retries: 0,
  },
  ...SMOKE_OPTIONS,
} as const satisfies ConfigInput;

/** A layer that names a preset at a scale. */
export function presetAtScale(preset: string, scale: PresetSize): ConfigInput {
  return { preset, scale };
}
