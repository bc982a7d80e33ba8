import type { ConfigInput } from '../../src/config/schema';
import type { Curves } from '../../src/curves/curve';
import { curvesOf } from '../../src/curves/read-curves';
import { type NetworkView, viewRun } from '../../src/report/run-view';
import { type NetworkRecord, readRun } from '../../src/store/run-record';
import { tinyConfig } from '../builders';
import { DurableRuns, once, SMALL } from '../run/durable/runs';

const runs = new DurableRuns();

async function recordOf(out: string): Promise<NetworkRecord> {
  const record = await readRun(out);
  if (record.kind !== 'network') throw new Error('it holds a run on networks');
  return record;
}

/** As plain numbers, rho1 to as many digits as a product of growths keeps. */
function plainOf({ searches, descents, note }: Curves) {
  const numbers = (values: ArrayLike<number>) => Array.from(values);
  return {
    note,
    searches: searches.map(({ tier, decay, exits, path, ...own }) => ({
      ...{ tier, decay, exits, path },
      round: numbers(own.round),
      rho1: numbers(own.rho1).map((value) => Number(value.toPrecision(12))),
      loss: numbers(own.loss),
      norm: numbers(own.norm),
    })),
    descents: descents.map(({ network, step, lr, loss, validation }) => ({
      ...{ network, validation },
      ...{ step: numbers(step), lr: numbers(lr), loss: numbers(loss) },
    })),
  };
}

const CASES: Readonly<Record<string, ConfigInput>> = {
  'dsp-tt': { method: 'dsp-tt' },
  'dsp-tt in two tiers': { method: 'dsp-tt', dspTt: { tiers: [2, 2] }, budget: { steps: 400 } },
  'dsp-tt with redrawn paths': { method: 'dsp-tt', dspTt: { detector: { minRise: 50 }, retries: 1 } },
  'dsp-tt in its literal form': { method: 'dsp-tt', dspTt: { form: 'literal' } },
  'dsp-tt with averaged members': { method: 'dsp-tt', dspTt: { averageMembers: true } },
  snapshot: { method: 'snapshot' },
  independent: { method: 'independent' },
  'independent, trained together': { method: 'independent', membersAtOnce: 3 },
};

describe("a run's curves", () => {
  it.each(Object.entries(CASES))('are the same from its traces and from its journal: %s', async (_, values) => {
    const out = runs.fresh();
    await runs.run(tinyConfig(SMALL, { validation: { every: 20 } }, values), out);
    const record = await recordOf(out);
    const written = plainOf(await curvesOf(record));
    expect(written.descents.length).toBeGreaterThan(0);
    expect(written.descents.some(({ validation }) => validation.length > 0)).toBe(true);
    expect(plainOf(await curvesOf({ ...record, result: null }))).toEqual(written);
  });

  it('can be had while the run goes on, which does not notice', async () => {
    const [out, alone] = [runs.fresh(), runs.fresh()];
    const views: Promise<unknown>[] = [];
    const seen: NetworkView[] = [];
    const look = async () => {
      const view = await viewRun(out);
      if (view.kind === 'network') seen.push(view);
    };
    const onEvent = once(
      (event) => event.type === 'phase' && event.phase.startsWith('tier1-'),
      () => views.push(look()),
    );
    const result = await runs.run(tinyConfig(SMALL), out, { onEvent });
    await Promise.all(views);
    const { timings: _, ...same } = await runs.run(tinyConfig(SMALL), alone);
    expect(result).toMatchObject(same);
    const [view] = seen;
    const whole = await curvesOf(await recordOf(out));
    const loss = Array.from(view.curves.searches[0].loss);
    expect(loss.length).toBeGreaterThan(0);
    expect(Array.from(whole.searches[0].loss).slice(0, loss.length)).toEqual(loss);
  });
});
