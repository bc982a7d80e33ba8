import { PORTABLE } from '../../scripts/faults/journal-runs';
import { Session } from '../../src/run/session/session';
import type { Result } from '../../src/store/result';
import { readConfig, readResult } from '../../src/store/run-directory';
import { temporaryDirectory } from '../builders';
import { finishedOf, keptRun, unfinishedCopy } from '../journals/kept';

/** What a run found: all of its result that two runs of the same settings share. */
const foundIn = ({ members, ensembles, pairs, budget, result }: Result) => ({
  members,
  ensembles,
  pairs,
  budget,
  result,
});

/** Tests that kept runs which were interrupted go on, on a worker, to what the runs of the same settings found that were not. */
export function goesOnFrom(names: readonly string[]): void {
  const root = temporaryDirectory();
  let session: Session;
  beforeAll(async () => {
    Object.assign(process.env, PORTABLE);
    session = await Session.start();
  });
  afterAll(() => session.close());

  it.each(names)('goes on to the same networks as the run that ended: %s', async (name) => {
    const run = unfinishedCopy(name, root);
    const result = await session.run(await readConfig(run), { out: run, resume: true });
    expect(foundIn(result)).toEqual(foundIn(await readResult(keptRun(finishedOf(name)))));
  });
}
