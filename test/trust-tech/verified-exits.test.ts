import {
  absorbCell,
  judgeExit,
  newSearch,
  planCell,
  type SearchOptions,
  toVerify,
} from '../../src/trust-tech/path-states';
import { hill, searchOptions, slope } from './search-builders';
import { type BarrierTo, type LossOf, simulateSearch, stepsOfPath } from './simulated-search';

/** One path, whose rho1 grows by 2^-7 an iteration, so that sums are exact. */
const verified = (over: Partial<SearchOptions> = {}): SearchOptions =>
  searchOptions({
    paths: 1,
    steps: 400,
    rho1: { start: 0.25, increment: 2 ** -7 / 5, max: 0.5, clock: 'iteration' },
    detector: { decay: 0, minRise: 0.1, buffer: 2, drop: 1 },
    decideEvery: 4,
    verify: { rise: 0.01, stretch: 0.25 },
    ...over,
  });

/** Hill after hill: an exit at the foot of each. */
const hills: LossOf = (path, step) => hill(20)(path, step % 40);
const never: BarrierTo = () => 0;
/** Refused so many times, then accepted. */
const refused =
  (times: number): BarrierTo =>
  (_path, judged) =>
    judged < times ? 0 : 1;

describe('an exit that is to be verified', () => {
  it('is accepted with the barrier that verified it, at the step of its peak', () => {
    const [plain, checked] = [verified({ verify: null }), verified()].map((options) =>
      simulateSearch(options, 1, hills, { barrierTo: () => 0.0625 }),
    );
    expect(plain.state.paths[0].exit.barrier).toBeNull();
    expect(checked.state.paths[0].exit).toEqual({ ...plain.state.paths[0].exit, barrier: 0.0625 });
    expect(checked.steps).toEqual(plain.steps);
  });

  it.each([0.0099, 0, -1, Number.NaN, Number.POSITIVE_INFINITY])('is not accepted with a barrier of %d', (barrier) => {
    const { state, judgements } = simulateSearch(verified(), 1, hills, { barrierTo: () => barrier });
    expect(judgements.length).toBeGreaterThan(1);
    expect(state.paths[0]).toMatchObject({ status: 'exhausted', exit: { barrier: null } });
  });

  it('is accepted with a barrier that just counts', () => {
    const { state } = simulateSearch(verified(), 1, hills, { barrierTo: () => 0.01 });
    expect(state.paths[0]).toMatchObject({ status: 'exited', exit: { barrier: 0.01 } });
  });

  it('counts as overrun what cells in flight moved the path on, also while it was judged', () => {
    const { state, steps } = simulateSearch(verified({ lag: 2 }), 1, hills);
    const { exit, detector, planned } = state.paths[0];
    expect(planned).toBe(steps.length);
    expect(exit.overrun).toBe(steps.length - detector.steps);
    expect(exit.overrun).toBeGreaterThanOrEqual(8);
  });
});

describe('a path whose exit is refused', () => {
  const pushed = simulateSearch(verified(), 1, hills, { barrierTo: refused(1) });
  const [refusal, acceptance] = pushed.judgements;

  it('searches on, and may exit later', () => {
    expect(pushed.judgements.map(({ accepted }) => accepted)).toEqual([false, true]);
    expect(pushed.state.paths[0]).toMatchObject({ status: 'exited', round: 1, exit: { barrier: 1 } });
    expect(pushed.state.paths[0].exit.step).toBeGreaterThanOrEqual(refusal.planned - 8);
    expect(acceptance.planned).toBeGreaterThan(refusal.planned);
  });

  it('grows on from the rho1 at which it stands, without a jump, up to a stretch beyond its maximum', () => {
    const { rho1: first } = pushed.steps[refusal.planned - 1];
    expect(first).toBe(0.5); // where rho1 was held
    const after = pushed.steps.slice(refusal.planned).map(({ rho1 }) => rho1);
    expect(after).toEqual(after.map((_, n) => Math.min(0.75, 0.5 + n / 128)));
    expect(after.at(-1)).toBe(0.75);
  });

  it('grows on from below its maximum as fast as before, from the next iteration on', () => {
    const rho1 = { start: 0.25, increment: 2 ** -10 / 5, max: 0.5, clock: 'iteration' as const };
    const { steps, judgements } = simulateSearch(verified({ rho1 }), 1, hills, { barrierTo: refused(1) });
    const { planned } = judgements[0];
    const stood = steps[planned - 1].rho1;
    expect(stood).toBe(0.25 + (planned - 1) / 1024);
    for (const { iteration, rho1: grown } of steps.slice(planned))
      expect(grown).toBe(stood + (iteration - planned) / 1024);
  });

  it('grows on by its own steps where each path has a clock of its own', () => {
    const rho1 = { start: 0.25, increment: 2 ** -7, max: 0.5, clock: 'path' as const };
    const options = verified({ paths: 3, rho1, lag: 0, steps: 900 });
    const search = simulateSearch(options, 1, hills, { barrierTo: refused(1) });
    for (const { path, planned } of search.judgements.filter(({ accepted }) => !accepted)) {
      const own = stepsOfPath(search, path).filter(({ iteration }) => iteration >= planned);
      expect(own.map(({ rho1: grown }) => grown)).toEqual(own.map((_, n) => Math.min(0.75, 0.5 + n / 128)));
    }
    expect(search.judgements).toHaveLength(6);
  });

  it('leaves the other paths at their own pace and maximum', () => {
    const options = verified({ paths: 2, rho1: { start: 0.25, increment: 2 ** -7, max: 0.5, clock: 'path' } });
    const lossOf: LossOf = (path, step) => (path === 0 ? hills(path, step, 1) : 1);
    const search = simulateSearch(options, 1, lossOf, { barrierTo: never });
    expect(Math.max(...stepsOfPath(search, 0).map(({ rho1 }) => rho1))).toBeGreaterThan(0.75);
    expect(Math.max(...stepsOfPath(search, 1).map(({ rho1 }) => rho1))).toBe(0.5);
  });

  it('is pushed by a further stretch at each refusal', () => {
    const { steps, judgements } = simulateSearch(verified(), 1, hills, { barrierTo: refused(3) });
    const held = judgements.map(({ planned }) => steps[planned - 1].rho1);
    expect(held).toEqual([0.5, 0.75, 1, 1.25]);
  });

  it('is judged by a detector that forgot what it saw, from the same start', () => {
    const start = newSearch(verified({ lag: 0, decideEvery: 100 }), 1);
    const planned = planCell(start, () => 0);
    if (planned === null) throw new Error('a search begins with a cell');
    const { cell } = planned;
    const loss = Float64Array.from(cell.path, (_, step) => hills(0, step, 1));
    const answer = { loss, norm: loss, cosine: Float64Array.of(0.5) };
    const found = absorbCell(planned.state, cell, answer);
    expect(toVerify(found)).toEqual([0]);
    const [before, after] = [found.paths[0], judgeExit(found, 0, 0).paths[0]];
    expect(before).toMatchObject({ status: 'verifying', exit: { step: 20, barrier: null } });
    expect(after.detector).toEqual(start.paths[0].detector);
    expect(after.exit).toEqual(start.paths[0].exit);
    expect(after).toMatchObject({ status: 'searching', round: 1, planned: 100, rho1: before.rho1 });
  });

  it('can end exhausted, and diverge on the way', () => {
    const exhausted = simulateSearch(verified(), 1, hills, { barrierTo: never });
    expect(exhausted.state.paths[0].status).toBe('exhausted');
    expect(exhausted.steps).toHaveLength(400);
    const lossOf: LossOf = (path, step) => (step === 100 ? Number.NaN : hills(path, step, 1));
    const diverged = simulateSearch(verified(), 1, lossOf, { barrierTo: never });
    expect(diverged.state.paths[0]).toMatchObject({ status: 'diverged', divergedAt: 100, exit: { barrier: null } });
    expect(diverged.judgements.length).toBeGreaterThan(0);
  });

  it('is redrawn with its first maximum when a round is left', () => {
    const { state, steps, rounds } = simulateSearch(verified({ retries: 1 }), 1, hills, { barrierTo: never });
    expect(rounds).toMatchObject([{ end: 200 }, { start: 200, end: 400, paths: [0] }]);
    expect(state.paths[0].round).toBe(2);
    expect(steps[200]).toMatchObject({ rho1: 0.25, growth: 0.25 });
  });
});

describe('judgeExit', () => {
  it('refuses to judge a path that does not wait for it', () => {
    const state = newSearch(verified({ paths: 2 }), 1);
    expect(() => judgeExit(state, 1, 1)).toThrow('path 1 does not wait to be verified');
    const done = simulateSearch(verified(), 1, hills).state;
    expect(() => judgeExit(done, 0, 1)).toThrow('path 0 does not wait to be verified');
    const unverified = simulateSearch(verified({ verify: null }), 1, hills).state;
    expect(() => judgeExit(unverified, 0, 1)).toThrow('path 0 does not wait to be verified');
  });
});

it('a path that only climbs is never judged', () => {
  expect(simulateSearch(verified(), 1, slope).judgements).toEqual([]);
});
