import { CheckpointClock, type CheckpointTimes } from '../../../src/run/durable/checkpoint-clock';

/** A clock of which only what is named comes due. */
function clock(times: Partial<CheckpointTimes>): CheckpointClock {
  const never = { everyMs: Number.POSITIVE_INFINITY, everyEpochs: null, phaseMs: Number.POSITIVE_INFINITY };
  return new CheckpointClock({ ...never, ...times });
}

describe('a checkpoint', () => {
  it('is not due by steps or phases where only time counts', () => {
    const byTime = clock({});
    byTime.epochHas(1);
    byTime.count(1_000_000);
    byTime.phaseEnds();
    expect(byTime.isDue()).toBe(false);
  });

  it('is due once its time has passed', () => {
    expect(clock({ everyMs: 0 }).isDue()).toBe(true);
  });

  it('is due after so many epochs, and again after as many', () => {
    const byEpochs = clock({ everyEpochs: 2 });
    byEpochs.count(1000);
    expect(byEpochs.isDue()).toBe(false); // nothing is known of epochs yet
    byEpochs.epochHas(600);
    expect(byEpochs.isDue()).toBe(false);
    byEpochs.count(200);
    expect(byEpochs.isDue()).toBe(true);
    byEpochs.restart();
    byEpochs.count(1199);
    expect(byEpochs.isDue()).toBe(false);
    byEpochs.count(1);
    expect(byEpochs.isDue()).toBe(true);
  });

  it('is due at the end of a phase, once, where the phase was long enough', () => {
    const byPhase = clock({ phaseMs: 0 });
    expect(byPhase.isDue()).toBe(false);
    byPhase.phaseEnds();
    expect(byPhase.isDue()).toBe(true);
    byPhase.restart();
    expect(byPhase.isDue()).toBe(false);
  });
});
