import { fuzzRequests, isWell } from '../../scripts/faults/decoders';
import { deceiveClient } from '../../scripts/faults/hostile-answers';
import { attackWorker } from '../../scripts/faults/hostile-clients';
import { isUndeceived, isUnharmed } from '../../scripts/faults/live';
import { loadWorker } from '../../scripts/faults/load';
import { fuzzReplies } from '../../scripts/faults/replies';

const SEED = 20261126;
const PATIENCE_MS = 600_000; // on a busy machine

/** What is shown where a test fails, and that it fails. */
const outcome = <T>(result: T, isGood: (result: T) => boolean) => ({ isGood: isGood(result), result });
const good = expect.objectContaining({ isGood: true });

describe(`hostile bytes of seed ${SEED}`, () => {
  it(
    "do no harm to TypeScript's decoder: 500,000 replies",
    () => {
      expect(outcome(fuzzReplies(500_000, SEED), isWell)).toEqual(good);
    },
    PATIENCE_MS,
  );

  it(
    "do no harm to Python's decoder: 500,000 requests",
    async () => {
      expect(outcome(await fuzzRequests(500_000, SEED), isWell)).toEqual(good);
    },
    PATIENCE_MS,
  );

  it(
    'do no harm to a live worker, which answers each of 5,000 messages',
    async () => {
      expect(outcome(await attackWorker(5000, SEED), isUnharmed)).toEqual(good);
    },
    PATIENCE_MS,
  );

  it('do no harm to live clients: 5,000 messages', async () => {
    expect(outcome(await deceiveClient(5000, SEED), isUndeceived)).toEqual(good);
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
