import path from 'node:path';
import { type NetworkView, viewRun } from '../../src/report/run-view';
import { readResult } from '../../src/store/run-directory';
import { temporaryDirectory } from '../builders';
import { keptRun, keptRuns, recordsOf, rewrite, stepsMade, unfinishedCopy } from '../journals/kept';

const root = temporaryDirectory();
const DSP_TT = path.join('0.1.0', 'dsp-tt');

async function viewed(run: string): Promise<NetworkView> {
  const view = await viewRun(run);
  if (view.kind !== 'network') throw new Error('it holds a run on networks');
  return view;
}

describe('the view of a run', () => {
  it.each(keptRuns())('accounts for every step of its budget: %s', async (name) => {
    const result = await readResult(keptRun(name));
    const { stretches, curves } = await viewed(keptRun(name));
    const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
    expect(sum(stretches.map(({ steps }) => steps))).toBe(stepsMade(result));
    const searched = sum(curves.searches.map(({ path: moves }) => moves.length));
    expect(searched).toBe(result.budget.search);
    expect(searched + sum(curves.descents.map(({ loss }) => loss.length))).toBe(stepsMade(result));
  });

  it('has the exits and rho1 that the result states, also where no trace was kept', async () => {
    const { members } = await readResult(keptRun(DSP_TT));
    const { curves } = await viewed(unfinishedCopy(DSP_TT, root));
    const exits = members.flatMap(({ name, exit }) => (exit === null ? [] : [{ path: name, step: exit.step }]));
    expect(exits.length).toBeGreaterThan(0);
    expect(curves.searches[0].exits).toEqual(exits);
    for (const { name, exit } of members) {
      if (exit === null) continue;
      expect(curves.searches[0].path[exit.step]).toBe(name);
      expect(curves.searches[0].rho1[exit.step]).toBeCloseTo(exit.rho1, 12);
      expect(curves.searches[0].norm[exit.step]).toBeCloseTo(exit.distance, 5);
    }
  });

  it('grows with the journal: what is shown early is still shown later', async () => {
    const run = unfinishedCopy(DSP_TT, root);
    const records = recordsOf(run);
    const whole = await viewed(run);
    let before = 0;
    for (let count = 1; count <= records.length; count += 7) {
      rewrite(run, records.slice(0, count));
      const { curves } = await viewed(run);
      const losses = curves.searches.flatMap(({ loss }) => Array.from(loss));
      expect(losses).toEqual(Array.from(whole.curves.searches[0].loss).slice(0, losses.length));
      const seen = losses.length + curves.descents.reduce((sum, { loss }) => sum + loss.length, 0);
      expect(seen).toBeGreaterThanOrEqual(before);
      before = seen;
    }
    expect(before).toBeGreaterThan(0);
  });

  it('says why there are no curves where its journal cannot be replayed', async () => {
    const run = unfinishedCopy(DSP_TT, root);
    rewrite(
      run,
      recordsOf(run).map((record) =>
        record.kind === 'command' && record.op === 'newPoint' ? { ...record, args: { point: 'other' } } : record,
      ),
    );
    const { curves, config } = await viewed(run);
    expect(config.method).toBe('dsp-tt');
    expect(curves).toMatchObject({ searches: [], descents: [] });
    expect(curves.note).toMatch(/cannot replay its journal.*newPoint/s);
  });
});
