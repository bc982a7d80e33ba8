import fs from 'node:fs';
import path from 'node:path';
import type { ConfigInput } from '../../../src/config/schema';
import { TorchExecutor } from '../../../src/executor/torch';
import type { RunEvent } from '../../../src/run/events';
import { replay } from '../../../src/run/replay';
import { SCHEDULES } from '../../../src/schedules';
import { readResult } from '../../../src/store/run-directory';
import { readTrace } from '../../../src/store/trace';
import { failureOf, tinyConfig } from '../../builders';
import { DurableRuns, PLACES, recordsOf, remainsOf, SMALL } from './runs';

const runs = new DurableRuns();
const EVERY = 5;
const STOPPING: ConfigInput = { validation: { every: EVERY }, localSolver: { earlyStopping: { patience: 3 } } };
const tiers = tinyConfig(SMALL, STOPPING);

/** The steps of a training that has ended early, its best point, and the losses of all its points, from its trace. */
async function traced(out: string, network: string) {
  const { step, validationLoss } = await readTrace(out, `descent-${network}`);
  const losses = validationLoss.filter((loss) => loss !== '').map(Number);
  return { steps: step.length, losses, kept: EVERY * (1 + losses.indexOf(Math.min(...losses))) };
}

describe('a run whose trainings end early', () => {
  let out: string;
  beforeAll(async () => {
    out = runs.fresh();
    await runs.run(tiers, out);
  });

  it('ends them so many points after the best one, and says how many steps it did not use', async () => {
    const { earlyStopping, budget, notices = [] } = await readResult(out);
    expect(earlyStopping?.stopped.map(({ network }) => network)).toContain('tier0');
    let unused = 0;
    for (const { network, steps, planned, kept } of earlyStopping?.stopped ?? []) {
      expect(await traced(out, network)).toMatchObject({ steps, kept });
      expect(steps).toBe(kept + 3 * EVERY);
      expect(steps).toBeLessThan(planned);
      unused += planned - steps;
    }
    expect(earlyStopping?.unusedSteps).toBe(unused);
    expect(budget.steps).toBe(stepsOf(out));
    expect(notices.join()).toMatch(
      /early stopping ended tier0 after \d+ of 100 steps \(kept: \d+\).* steps were not used/,
    );
    expect(notices.join()).toContain(`; ${unused} of ${budget.steps + unused} steps were not used`);
  });

  it('keeps, measures and ensembles the networks of their best points', async () => {
    const { members, earlyStopping } = await readResult(out);
    for (const { network } of earlyStopping?.stopped ?? []) {
      const { losses } = await traced(out, network);
      expect(members.find(({ name }) => name === network)?.validationLoss).toBe(Math.min(...losses));
    }
    const [{ kept = 0, planned = 0 } = {}] = earlyStopping?.stopped ?? [];
    const executor = await TorchExecutor.open(runs.supervisor.worker, tiers);
    await executor.newPoint('hand', 'init/tier0');
    const lr = SCHEDULES[tiers.localSolver.schedule](tiers.localSolver.lr, planned).subarray(0, kept);
    await executor.descend({ point: 'hand', stream: 'data/tier0', start: 0, lr, solver: tiers.localSolver });
    expect((await executor.evaluate('hand', 'test')).loss).toBe(members[0].testLoss);
  });

  it('leaves the same after its worker was killed and it was interrupted', async () => {
    const isThere = (event: RunEvent) => event.type === 'validated' && event.step >= 2 * EVERY;
    const cut = await runs.interrupted(tiers, isThere);
    runs.killWorker('SIGKILL');
    await runs.interrupt(tiers, cut, PLACES['the search'], { resume: true, checkpointMinutes: 1000 });
    await runs.run(tiers, cut, { resume: true });
    expect(remainsOf(cut)).toEqual(remainsOf(out));
  });

  it('can be replayed', async () => {
    const { recorded, matched, assessment } = await replay(out);
    expect([matched, assessment === null]).toEqual([recorded, false]);
  });

  it('ends trainings in a stack where they end alone', async () => {
    const config: ConfigInput = { method: 'independent', independent: { members: 3 } };
    const [alone, stacked] = [runs.fresh(), runs.fresh()];
    await runs.run(tinyConfig(SMALL, STOPPING, config), alone);
    await runs.run(tinyConfig(SMALL, STOPPING, config, { membersAtOnce: 3, membersWay: 'stack' }), stacked);
    const [one, all] = [await readResult(alone), await readResult(stacked)];
    expect(all.earlyStopping).toEqual(one.earlyStopping);
    expect(one.earlyStopping?.stopped.length).toBeGreaterThan(0);
  });

  it('finds what it finds without early stopping where no training ends early', async () => {
    const [patient, plain] = [runs.fresh(), runs.fresh()];
    const patience = { ...STOPPING, localSolver: { earlyStopping: { patience: 40 } } };
    await runs.run(tinyConfig(SMALL, patience, { method: 'single' }), patient);
    await runs.run(tinyConfig(SMALL, { validation: { every: EVERY }, method: 'single' }), plain);
    expect(remainsOf(patient).result).toEqual(remainsOf(plain).result);
    const trace = (run: string) => fs.readFileSync(path.join(run, 'traces', 'descent-tier0.csv'), 'utf8');
    expect(trace(patient)).toBe(trace(plain));
  });

  it('counts a loss as lower by more than minDelta alone', async () => {
    const all = runs.fresh();
    const strict = { earlyStopping: { patience: 3, minDelta: 100 } };
    await runs.run(tinyConfig(SMALL, STOPPING, { method: 'single', localSolver: strict }), all);
    expect((await readResult(all)).earlyStopping).toEqual({
      stopped: [{ network: 'tier0', steps: 4 * EVERY, planned: 250, kept: EVERY }],
      unusedSteps: 250 - 4 * EVERY,
    });
  });

  it('is refused where the whole budget has too few points', async () => {
    const config = tinyConfig(SMALL, { validation: { every: 100 }, localSolver: { earlyStopping: { patience: 2 } } });
    const error = await failureOf(runs.run(config, runs.fresh()));
    expect(error.message).toBe(
      'localSolver.earlyStopping.patience is 2, but 250 steps have a validation point every 100 steps only: lower it, or state a smaller validation.every',
    );
  });
});

/** Gradient evaluations of all commands of a run. */
function stepsOf(run: string): number {
  const lengths = recordsOf(run).map((record) => {
    return record.kind === 'command' ? ((record.tensors.lr ?? record.tensors.growth)?.length ?? 0) : 0;
  });
  return lengths.reduce((sum, length) => sum + length, 0);
}
