import fs from 'node:fs';
import path from 'node:path';
import { emaWords } from '../../src/run/ema-words';
import { resume } from '../../src/run/resume';
import { readResult } from '../../src/store/run-directory';
import { tinyConfig } from '../builders';
import { DurableRuns, membersOf, once, PLACES, recordsOf, remainsOf } from './durable/runs';

const runs = new DurableRuns();
const config = tinyConfig({ localSolver: { ema: 0.95 } });
const whole = path.join(runs.directory, 'whole');

beforeAll(() => runs.run(config, whole));

describe('a running average that its descents are too short for', () => {
  const trace = (steps: number) => ({ name: 'descent-a', columns: { lr: new Float64Array(steps) } });
  const search = { name: 'search-1', columns: { rho1: new Float64Array(1) } };

  it('is told of, with the decay that would fit the shortest descent', () => {
    expect(emaWords(0.999, [trace(5000), trace(50), search])).toBe(
      'localSolver.ema 0.999 is slow for a descent of 50 steps: 95 % of the average are the weights that it started from; 0.942 leaves 5.0 % of them.',
    );
  });

  it('is not told of where they are long enough, nor without an average or a descent', () => {
    expect(emaWords(0.94, [trace(50)])).toBeNull();
    expect(emaWords(null, [trace(1)])).toBeNull();
    expect(emaWords(0.999, [search])).toBeNull();
  });

  it('is a notice of the result', async () => {
    const { notices = [] } = await readResult(whole);
    expect(notices.filter((notice) => notice.startsWith('localSolver.ema 0.95 is slow for a descent of'))).toHaveLength(
      1,
    );
  });
});

describe('a run whose descents end in the average of their weights', () => {
  it.each(['tier 0', 'the search', 'a descent'])('is resumed in %s to the same bits', async (place) => {
    const out = await runs.interrupted(config, PLACES[place]);
    await resume(out);
    const [resumed, undisturbed] = [remainsOf(out), remainsOf(whole)];
    expect(resumed.result).toEqual(undisturbed.result);
    expect(resumed.files).toEqual(undisturbed.files);
  });

  it('has the average of an unfinished descent in its checkpoints', async () => {
    const out = await runs.interrupted(config, PLACES['tier 0']);
    const checkpoints = path.join(out, 'checkpoints');
    const states = fs.readdirSync(checkpoints, { recursive: true, encoding: 'utf8' });
    const files = states.map((name) => path.join(checkpoints, name)).filter((name) => fs.statSync(name).isFile());
    expect(files.some((file) => fs.readFileSync(file, 'latin1').includes('"average":{'))).toBe(true);
  });

  it.each(['tier 0', 'a descent'])('survives the loss of its worker in %s', async (place) => {
    const out = runs.fresh();
    await runs.run(config, out, { onEvent: once(PLACES[place], () => runs.killWorker('SIGKILL')) });
    expect(remainsOf(out).files).toEqual(remainsOf(whole).files);
  });

  it('takes an average for each network that it trains', () => {
    const taken = recordsOf(whole).filter((record) => record.kind === 'command' && record.op === 'takeAverage');
    expect(taken).toHaveLength(membersOf(whole).length);
  });

  it('has the same networks where several workers train them at once', async () => {
    const atOnce = path.join(runs.directory, 'at-once');
    const values = { localSolver: { ema: 0.95 }, membersAtOnce: 2, membersWay: 'processes' } as const;
    await runs.run(tinyConfig(values), atOnce);
    expect(membersOf(atOnce)).toEqual(membersOf(whole));
  });
});
