import path from 'node:path';
import { resume } from '../../src/run/resume';
import { tinyConfig } from '../builders';
import { DurableRuns, membersOf, PLACES, remainsOf } from './durable/runs';

const runs = new DurableRuns();
const config = tinyConfig({ mixup: 0.4 });
const whole = path.join(runs.directory, 'whole');

beforeAll(() => runs.run(config, whole));

describe('a run whose batches are mixed', () => {
  it.each(['tier 0', 'the search', 'a descent'])('is resumed in %s to the same bits', async (place) => {
    const out = await runs.interrupted(config, PLACES[place]);
    await resume(out);
    const [resumed, undisturbed] = [remainsOf(out), remainsOf(whole)];
    expect(resumed.result).toEqual(undisturbed.result);
    expect(resumed.files).toEqual(undisturbed.files);
  });

  it('is another run than one without mixing', async () => {
    const plain = path.join(runs.directory, 'plain');
    await runs.run(tinyConfig(), plain);
    expect(membersOf(plain)).not.toEqual(membersOf(whole));
  });

  it('has the same networks where several workers train them at once', async () => {
    const atOnce = path.join(runs.directory, 'at-once');
    await runs.run(tinyConfig({ mixup: 0.4, membersAtOnce: 2, membersWay: 'processes' }), atOnce);
    expect(membersOf(whole).length).toBeGreaterThan(1);
    expect(membersOf(atOnce)).toEqual(membersOf(whole));
  });
});
