import type { Config, ConfigInput } from '../../src/config/schema';
import { searchTier } from '../../src/methods/blocks/search-tier';
import { tier0 } from '../../src/methods/blocks/tier0';
import { SCHEDULES } from '../../src/schedules';
import { FAST_SEARCH } from '../builders';
import { type Ran, TestSession } from './session';
import { WineTask } from './wine-task';

type Settings = ConfigInput['dspTt'];
type Rows = Readonly<Record<string, readonly (number | string)[]>>;

const task = new WineTask();
const session = new TestSession();

/** A search of 60 iterations from tier 0 of 100 steps: its trace, and the paths' states. Earlier runs could set constants. */
async function search(
  settings: Settings,
  values: ConfigInput = {},
  constants: Partial<Config['dspTt']> = {},
): Promise<{ rows: Rows; exits: number }> {
  const opened = await task.open({ ...values, dspTt: { ...FAST_SEARCH, retries: 0, ...settings } });
  const config = { ...opened.config, dspTt: { ...opened.config.dspTt, ...constants } };
  const context = { ...opened.context, config };
  await tier0(context, 100);
  const { candidates, traces } = await searchTier(context, 'tier0', { tier: 1, paths: 3, steps: 60 });
  const rows = Object.fromEntries(
    Object.entries(traces[0].columns).map(([name, column]) => [name, Array.from(column)]),
  );
  return { rows, exits: candidates.filter(({ exit }) => exit !== null).length };
}

describe('the calibration step', () => {
  let plain: Rows;
  beforeAll(async () => {
    plain = (await search({})).rows;
  });

  it.each<[string, Settings]>([
    ['momentum', { calibration: { momentum: 0.9 } }],
    ['Nesterov momentum', { calibration: { momentum: 0.9, nesterov: true } }],
    ['weight decay', { calibration: { weightDecay: 0.1 } }],
    ['Adam', { calibration: { solver: 'adam' }, rho2TimesLr: 0.01 }],
    ['AdamW', { calibration: { solver: 'adamw', weightDecay: 0.1 }, rho2TimesLr: 0.01 }],
  ])('follows another local solver: %s', async (_name, settings) => {
    const { rows } = await search(settings);
    // Before the first calibration nothing differs, and decisions take effect two cells later at the soonest.
    expect(rows.path.slice(0, 10)).toEqual(plain.path.slice(0, 10));
    expect(rows.rho1.slice(0, 10)).toEqual(plain.rho1.slice(0, 10));
    expect([rows.loss[0], rows.norm[0]]).toEqual([plain.loss[0], plain.norm[0]]);
    expect(rows.loss).not.toEqual(plain.loss);
    expect(rows.norm.every((norm) => Number.isFinite(norm))).toBe(true);
  });

  it('takes Nesterov, Adam and AdamW for different solvers', async () => {
    const solvers: Settings[] = [
      { calibration: { momentum: 0.9 } },
      { calibration: { momentum: 0.9, nesterov: true } },
      { calibration: { solver: 'adam', weightDecay: 0.1 } },
      { calibration: { solver: 'adamw', weightDecay: 0.1 } },
    ];
    const losses: string[] = [];
    for (const settings of solvers) losses.push(String((await search(settings)).rows.loss));
    expect(new Set(losses).size).toBe(4);
  });

  it('is as long as the schedule of rho2 says, over the whole share, in a run that was begun with one', async () => {
    const never = { detector: { ...FAST_SEARCH.detector, minRise: 1000 } };
    const { rows } = await search(never, {}, { rho2Schedule: 'garipov' });
    expect(rows.rho2).toEqual(Array.from(SCHEDULES.garipov(0.1 * 0.05, 60)));
    expect(plain.rho2).toEqual(plain.rho2.map(() => 0.1 * 0.05));
  });
});

describe('the first direction', () => {
  it('has length 1 where it is scaled to a unit, and that of the weights where it is scaled by layer', async () => {
    const [unit, layer] = [(await search({ scale: 'unit' })).rows, (await search({ scale: 'layer' })).rows];
    expect(Number(unit.norm[0])).toBeCloseTo(Number(unit.rho1[0]), 6);
    expect(Number(layer.norm[0]) / Number(layer.rho1[0])).toBeGreaterThan(2);
  });

  it('is another one under each scale', async () => {
    const first: unknown[] = [];
    for (const scale of ['layer', 'filter', 'gaussian', 'unit'] as const)
      first.push((await search({ scale })).rows.loss[0]);
    expect(new Set(first).size).toBe(4);
  });
});

it('the clock of each path counts its own steps where it is told to', async () => {
  const { rows } = await search({ rho1: { increment: 0.09, clock: 'path' } });
  for (const name of ['tier1-1', 'tier1-2', 'tier1-3']) {
    const own = rows.rho1.filter((_, i) => rows.path[i] === name).map(Number);
    for (const [n, rho1] of own.entries()) expect(rho1).toBeCloseTo(Math.min(1, 0.02 + 0.09 * n), 12);
  }
});

describe('the local solver', () => {
  let plain: Ran;
  beforeAll(async () => {
    plain = await session.run({ method: 'random-jump' });
  });

  it.each<[string, ConfigInput['localSolver']]>([
    ['Nesterov momentum', { nesterov: true }],
    ['Adam', { solver: 'adam', lr: 0.01 }],
    ['AdamW', { solver: 'adamw', lr: 0.01, weightDecay: 0.1 }],
  ])('of tier 0 and all members may be %s', async (_name, localSolver) => {
    const other = await session.run({ method: 'random-jump', localSolver });
    for (const [k, { state, testErrorPct, sha256 }] of other.result.members.entries()) {
      expect(state).toBe('trained');
      expect(testErrorPct).toBeLessThan(20);
      expect(sha256).not.toBe(plain.result.members[k].sha256);
    }
    expect(other.steps).toBe(plain.steps);
  });
});

it('the full gradient is a step an epoch, and finds exits as mini-batches do', async () => {
  const { rows, exits } = await search({ rho2TimesLr: 1 }, { batchSize: 'full' });
  expect(exits).toBeGreaterThan(0);
  expect(rows.loss.length).toBeGreaterThan(20);
  const { result, steps } = await session.run({ batchSize: 'full', seed: 2 });
  expect(result.budget.epochs).toBe(result.budget.steps);
  expect(steps).toBe(result.budget.steps);
});
