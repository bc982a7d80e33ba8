import { fuzzRequests, isWell } from '../../scripts/faults/decoders';
import { deceiveClient } from '../../scripts/faults/hostile-answers';
import { attackWorker } from '../../scripts/faults/hostile-clients';
import { isUndeceived, isUnharmed } from '../../scripts/faults/live';
import { loadWorker } from '../../scripts/faults/load';
import { fuzzReplies } from '../../scripts/faults/replies';
import { atLength } from '../soak';

const SEED = 20261126;
const PATIENCE_MS = 600_000; // on a busy machine
const IN_PROCESS = atLength(65_536, 500_000);
const LIVE = atLength(1000, 5000);

/** What is shown where a test fails, and that it fails. */
const outcome = <T>(result: T, isGood: (result: T) => boolean) => ({ isGood: isGood(result), result });
const good = expect.objectContaining({ isGood: true });

describe(`hostile bytes of seed ${SEED}`, () => {
  it(
    "do no harm to TypeScript's decoder",
    () => {
      expect(outcome(fuzzReplies(IN_PROCESS, SEED), isWell)).toEqual(good);
    },
    PATIENCE_MS,
  );

  it(
    "do no harm to Python's decoder",
    async () => {
      expect(outcome(await fuzzRequests(IN_PROCESS, SEED), isWell)).toEqual(good);
    },
    PATIENCE_MS,
  );

  it(
    'do no harm to a live worker, which answers each message',
    async () => {
      expect(outcome(await attackWorker(LIVE, SEED), isUnharmed)).toEqual(good);
    },
    PATIENCE_MS,
  );

  it('do no harm to live clients', async () => {
    expect(outcome(await deceiveClient(LIVE, SEED), isUndeceived)).toEqual(good);
  });
});

it(
  'answers 8,000 concurrent requests of 8 clients for five seconds, each once, in no more memory',
  async () => {
    const { asked, right, surplus, workerGrownMiB, clientGrownMiB } = await loadWorker(5000);
    expect({ right, surplus }).toEqual({ right: asked, surplus: 0 });
    expect(asked).toBeGreaterThanOrEqual(8000);
    expect(Math.max(workerGrownMiB, clientGrownMiB)).toBeLessThan(64);
  },
  PATIENCE_MS,
);
