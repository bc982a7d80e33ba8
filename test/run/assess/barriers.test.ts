import { type BarrierSettings, planBarriers } from '../../../src/run/assess/barriers';
import { CHEAP_BARRIERS, CURRENT_FLAGS } from '../../../src/run/durable/flags';

type Networks = Parameters<typeof planBarriers>[0]['candidates'];

const SETTINGS: BarrierSettings = { barriers: null, pairBarriers: false, barrierPoints: 11, batchSize: 100 };
const TASK = { samples: { train: 10_000, validation: 0, test: 0 }, stepsPerEpoch: 100 };

/** Tier 0, and networks that were searched from it, the last of them without an exit. */
function networks(state: 'trained' | 'given' = 'trained'): Networks {
  const one = { tier: 1, parent: 'tier0', exit: null, round: 1, divergedAt: null };
  return [
    { ...one, name: 'tier0', tier: 0, parent: null, state },
    ...['a', 'b', 'c'].map((name) => ({ ...one, name, state: 'trained' as const })),
    { ...one, name: 'd', state: 'exhausted' },
  ];
}

function plan(steps: number, settings: Partial<BarrierSettings> = {}, flags = CURRENT_FLAGS, candidates = networks()) {
  const spent = { steps, tier0: 500, search: 100 };
  return planBarriers({ candidates, spent }, { ...SETTINGS, ...settings }, TASK, flags);
}

/** Forward passes of images that a plan takes, as a part of those of the training. */
function share(steps: number, { segments, every }: ReturnType<typeof plan>): number {
  return (segments * SETTINGS.barrierPoints * 2 * Math.ceil(TASK.samples.train / every)) / (steps * 3 * 100);
}

describe('the loss barriers of a run', () => {
  it('take a tenth of the passes of its training at most, on as many samples as that allows', () => {
    for (const steps of [2000, 5000, 22_000]) {
      const planned = plan(steps);
      expect(share(steps, planned)).toBeLessThanOrEqual(0.1);
      expect(share(steps, { ...planned, every: planned.every - 1 })).toBeGreaterThan(0.1);
    }
    expect(plan(22_000)).toEqual({ which: 'parent', segments: 3, every: 1 });
  });

  it('are measured on one batch at least', () => {
    expect(plan(10).every).toBe(TASK.stepsPerEpoch);
  });

  it('do not count the training of a network that was given', () => {
    expect(plan(3000, {}, CURRENT_FLAGS, networks('given')).every).toBe(plan(2500).every);
  });

  it('are between all networks, to the parents, or none, as the option or else pairBarriers says', () => {
    expect(plan(2000, { barriers: 'none', pairBarriers: true })).toEqual({ which: 'none', segments: 0, every: 1 });
    expect(plan(2000, { barriers: 'parent', pairBarriers: true })).toMatchObject({ which: 'parent', segments: 3 });
    expect(plan(2000, { pairBarriers: true })).toEqual(plan(2000, { barriers: 'all' }));
    expect(plan(2000, { barriers: 'all' })).toMatchObject({ which: 'all', segments: 9 });
  });

  it('are measured on all samples in runs that were begun before', () => {
    const before = CURRENT_FLAGS.filter((flag) => flag !== CHEAP_BARRIERS);
    expect(plan(100, { barriers: 'all' }, before).every).toBe(1);
  });
});
