import path from 'node:path';
import { resume } from '../../src/run/resume';
import { tinyConfig } from '../builders';
import { DurableRuns, PLACES, recordsOf, remainsOf } from './durable/runs';

const runs = new DurableRuns();
const config = tinyConfig({ localSolver: { ema: 0.95 } });
const whole = path.join(runs.directory, 'whole');
const members = (out: string) => Object.entries(remainsOf(out).files).filter(([name]) => name.startsWith('members'));

beforeAll(() => runs.run(config, whole));

describe('a run whose descents end in the average of their weights', () => {
  it.each(['tier 0', 'the search', 'a descent'])('is resumed in %s to the same bits', async (place) => {
    const out = await runs.interrupted(config, PLACES[place]);
    await resume(out);
    const [resumed, undisturbed] = [remainsOf(out), remainsOf(whole)];
    expect(resumed.result).toEqual(undisturbed.result);
    expect(resumed.files).toEqual(undisturbed.files);
  });

  it('takes an average for each network that it trains', () => {
    const taken = recordsOf(whole).filter((record) => record.kind === 'command' && record.op === 'takeAverage');
    expect(taken).toHaveLength(members(whole).length);
  });

  it('has the same networks where several workers train them at once', async () => {
    const atOnce = path.join(runs.directory, 'at-once');
    const values = { localSolver: { ema: 0.95 }, membersAtOnce: 2, membersWay: 'processes' } as const;
    await runs.run(tinyConfig(values), atOnce);
    expect(members(atOnce)).toEqual(members(whole));
  });
});
