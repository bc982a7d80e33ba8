import fs from 'node:fs';
import path from 'node:path';
import type { RunEvent } from '../../../src/run/events';
import { replay } from '../../../src/run/replay';
import { readTrace } from '../../../src/store/trace';
import { tinyConfig } from '../../builders';
import { DurableRuns, PLACES, remainsOf, SMALL } from './runs';

const runs = new DurableRuns();
const config = tinyConfig(SMALL, { validation: { every: 20 } });
type Validated = Extract<RunEvent, { type: 'validated' }>;

describe('a run that evaluates the validation split while it trains', () => {
  const events: Validated[] = [];
  let out: string;
  beforeAll(async () => {
    out = runs.fresh();
    const onEvent = (event: RunEvent) => {
      if (event.type === 'validated') events.push(event);
    };
    await runs.run(config, out, { onEvent });
  });

  it('writes its points into the traces, in the rows of the steps before them, and tells them', async () => {
    const { validationLoss, validationErrorPct, step } = await readTrace(out, 'descent-tier0');
    const rows = step.flatMap((_, row) => (validationLoss[row] === '' ? [] : [row]));
    expect(rows.slice(0, 3)).toEqual([19, 39, 59]);
    const told = events.filter(({ network }) => network === 'tier0');
    expect(rows.map((row) => [row + 1, Number(validationLoss[row]), Number(validationErrorPct[row])])).toEqual(
      told.map(({ step: made, loss, errorPct }) => [made, loss, errorPct]),
    );
  });

  it('finds the networks that it finds without them', async () => {
    const without = runs.fresh();
    await runs.run(tinyConfig(SMALL, { validation: { every: 'never' } }), without);
    expect(remainsOf(without).result).toEqual(remainsOf(out).result);
    expect(fs.readFileSync(path.join(without, 'traces', 'descent-tier0.csv'), 'utf8')).toMatch(/^step,lr,loss\n/);
  });

  it('has the same points after its worker was killed and it was interrupted', async () => {
    const isThere = (event: RunEvent) => event.type === 'validated' && event.step >= 40;
    const cut = await runs.interrupted(config, isThere);
    runs.killWorker('SIGKILL');
    await runs.interrupt(config, cut, PLACES['a descent'], { resume: true, checkpointMinutes: 1000 });
    await runs.run(config, cut, { resume: true });
    expect(remainsOf(cut)).toEqual(remainsOf(out));
  });

  it('can be replayed', async () => {
    const { recorded, matched, assessment } = await replay(out);
    expect([matched, assessment === null]).toEqual([recorded, false]);
  });
});
