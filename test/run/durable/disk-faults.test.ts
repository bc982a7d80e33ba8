import { tinyConfig } from '../../builders';
import { everyFault } from './every-fault';
import { DurableRuns, type Remains, remainsOf } from './runs';

/** One network of 20 steps: two programs, an evaluation, and all files of a run. */
const config = tinyConfig({ method: 'single', budget: { steps: 20 } });

describe('a disk on which one call fails', () => {
  const runs = new DurableRuns();
  let undisturbed: Remains;
  beforeAll(async () => {
    const out = runs.fresh();
    await runs.run(config, out);
    undisturbed = remainsOf(out);
  });

  it('is full in the middle of a write: the run can be taken up, whichever write it is', async () => {
    const fault = { call: 'write', how: 'torn', persists: true } as const;
    expect(await everyFault(runs, config, fault, undisturbed)).toBeGreaterThan(20);
  });

  it('does not sync once: the run can be taken up, whichever sync it is', async () => {
    const fault = { call: 'sync', how: 'EIO', persists: false } as const;
    expect(await everyFault(runs, config, fault, undisturbed)).toBeGreaterThan(20);
  });

  it('does not rename once: the run can be taken up, whichever rename it is', async () => {
    const fault = { call: 'rename', how: 'EIO', persists: false } as const;
    expect(await everyFault(runs, config, fault, undisturbed)).toBeGreaterThan(10);
  });
});
