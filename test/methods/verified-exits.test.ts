import { searchTier } from '../../src/methods/blocks/search-tier';
import { tier0 } from '../../src/methods/blocks/tier0';
import { barrierOf } from '../../src/trust-tech/barrier';
import { FAST_SEARCH, failureOf } from '../builders';
import { type Ran, TestSession, trace } from './session';
import { WineTask } from './wine-task';

const session = new TestSession();

/** A search long enough for many exits to be refused. */
const run = (dspTt: { readonly verify: 'barrier' | 'none'; readonly verifyRise?: number }): Promise<Ran> =>
  session.run({ seed: 2, budget: { steps: 600 }, dspTt: { ...FAST_SEARCH, retries: 0, ...dspTt } });

const largestRho1 = (ran: Ran) => Math.max(...trace(ran, 'search-tier1').map(({ rho1 }) => Number(rho1)));

describe('exits that are not verified', () => {
  it('are accepted at once, without a barrier and with rho1 within its maximum', async () => {
    const ran = await run({ verify: 'none', verifyRise: 1e6 });
    for (const { state, exit } of ran.result.members.slice(1)) {
      expect(state).toBe('trained');
      expect(exit).toMatchObject({ barrier: null });
    }
    expect(largestRho1(ran)).toBe(1);
  });
});

describe('exits without a barrier that counts', () => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await run({ verify: 'barrier', verifyRise: 1e6 });
  });

  it('are refused: rho1 grows on beyond its maximum until the share is used up', () => {
    expect(ran.result.members.slice(1)).toMatchObject(
      [1, 2, 3].map((k) => ({ name: `tier1-${k}`, state: 'exhausted', exit: null, round: 1 })),
    );
    expect(ran.result.budget).toMatchObject({ steps: 420, search: 180 });
    expect(largestRho1(ran)).toBeGreaterThan(1.25);
  });

  it('never let rho1 jump: a path grows no faster when it is pushed on', () => {
    const rows = trace(ran, 'search-tier1');
    for (const name of ['tier1-1', 'tier1-2', 'tier1-3']) {
      const own = rows
        .filter(({ path }) => path === name)
        .map(({ rho1, iteration }) => [Number(rho1), Number(iteration)]);
      for (const [k, [rho1, iteration]] of own.entries()) {
        const [last, at] = k === 0 ? [0.02, 0] : own[k - 1];
        expect(rho1).toBeGreaterThanOrEqual(last);
        expect(rho1 - last).toBeLessThanOrEqual(0.05 * (5 / 3) * (iteration - at) + 1e-9);
      }
    }
  });
});

describe('the barrier that verifies an exit', () => {
  const task = new WineTask();
  /** Far and well calibrated, so that some paths come down beyond a barrier. */
  const FAR = { ...FAST_SEARCH, rho1: { increment: 0.05, max: 3 }, rho2TimesLr: 1, retries: 0 };

  it('is measured on the segment from the origin to the path, until it is high enough', async () => {
    const rise = 0.001;
    const { executor, context, config } = await task.open({ dspTt: { ...FAR, verify: 'barrier', verifyRise: rise } });
    const measured: { origin: string; path: string; points: number; barrier: number }[] = [];
    const segment = executor.segment.bind(executor);
    executor.segment = async (source, target, positions, stream) => {
      const loss = await segment(source, target, positions, stream);
      const path = target.replace(/-verified$/, '');
      measured.push({ origin: source, path, points: positions.length, barrier: barrierOf(loss) });
      return loss;
    };
    await tier0(context, 100);
    const { candidates } = await searchTier(context, 'tier0', { tier: 1, paths: 3, steps: 300 });
    expect(candidates.some(({ exit }) => exit !== null)).toBe(true);
    for (const { name, exit } of candidates) {
      const barriers = measured.filter(({ path }) => path === name).map(({ barrier }) => barrier);
      const accepted = barriers.filter((barrier) => barrier >= rise);
      expect(accepted).toEqual(exit === null ? [] : [exit.barrier]);
      if (exit !== null) expect(barriers.at(-1)).toBe(exit.barrier);
    }
    for (const { origin, points } of measured)
      expect({ origin, points }).toEqual({ origin: 'tier0', points: config.barrierPoints });
    for (const { path } of measured) {
      expect((await failureOf(executor.distances(['tier0', `${path}-verified`]))).message).toContain('-verified');
    }
  });
});
