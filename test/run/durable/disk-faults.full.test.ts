import { tinyConfig } from '../../builders';
import { atLength } from '../../soak';
import { everyFault } from './every-fault';
import { CALLS, type Fault } from './faulty-disk';
import { DurableRuns, type Remains, remainsOf, SMALL } from './runs';

const config = tinyConfig(SMALL, { budget: { steps: 60 }, dspTt: { tiers: [2] } });

/** Once, as a cable that was loose; for good, as a disk that is full; half of a write; and late. */
const WAYS: readonly Pick<Fault, 'how' | 'persists'>[] = [
  { how: 'EIO', persists: false },
  { how: 'ENOSPC', persists: true },
  { how: 'late', persists: false },
];
const FAULTS: readonly Omit<Fault, 'at'>[] = [
  ...CALLS.flatMap((call) => WAYS.map((way) => ({ call, ...way }))),
  { call: 'write', how: 'torn', persists: false },
  { call: 'write', how: 'torn', persists: true },
];

/** Each call of a kind, or, as one call is much like the next, some of them: disk-faults.test.ts has a fault in every one of a short run. */
const STRIDE = atLength(7, 1);

describe('a DSP-TT run on a disk that fails', () => {
  const runs = new DurableRuns();
  let undisturbed: Remains;
  beforeAll(async () => {
    const out = runs.fresh();
    await runs.run(config, out);
    undisturbed = remainsOf(out);
  });

  it.each(FAULTS)(
    'can be taken up: $call, $how, persists: $persists',
    async (fault) => {
      expect(await everyFault(runs, config, fault, undisturbed, STRIDE)).toBeGreaterThan(0);
    },
    1_200_000,
  );
});
