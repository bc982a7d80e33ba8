import type { Plan } from '../../src/trust-tech/budget';
import { advance, newTiers, type Outcome, type TiersState } from '../../src/trust-tech/tiers';

const PLAN: Plan = {
  tier0: 100,
  tiers: [
    { paths: 3, steps: 60, search: 20, perMember: null },
    { paths: 2, steps: 50, search: 10, perMember: null },
  ],
};

const names = (tier: number, count: number) => Array.from({ length: count }, (_, k) => `tier${tier}-${k + 1}`);
const train: Outcome = { did: 'train' };
const descend: Outcome = { did: 'descend', diverged: [] };
const exits = (tier: number, steps: number): Outcome => ({
  did: 'search',
  paths: names(tier, PLAN.tiers[tier - 1].paths).map((name) => ({ name, status: 'exited' })),
  steps,
});
const choose = (losses: Record<string, number>): Outcome => ({
  did: 'choose',
  losses: new Map(Object.entries(losses)),
});

/** The state after all these, one after the other. */
const stateAfter = (...outcomes: Outcome[]): TiersState => outcomes.reduce(advance, newTiers(PLAN, 'tier0'));

describe('the tiers', () => {
  it('begin with the training of tier 0, from which the first tier is searched', () => {
    expect(stateAfter()).toEqual({
      plan: PLAN,
      next: { do: 'train', name: 'tier0', steps: 100 },
      spent: { steps: 0, search: 0 },
    });
    expect(stateAfter(train)).toMatchObject({
      next: { do: 'search', tier: 1, origin: 'tier0', paths: 3, steps: 20 },
      spent: { steps: 100, search: 0 },
    });
  });

  it('descend from the paths that exited, and from no other, with what the search left', () => {
    const found: Outcome = {
      did: 'search',
      steps: 15,
      paths: [
        { name: 'tier1-1', status: 'exhausted' },
        { name: 'tier1-2', status: 'exited' },
        { name: 'tier1-3', status: 'diverged' },
      ],
    };
    expect(stateAfter(train, found)).toMatchObject({
      next: { do: 'descend', tier: 1, starts: ['tier1-2'], steps: 45 },
      spent: { steps: 115, search: 15 },
    });
  });

  it('give no member more than the plan lets it have, and leave the rest unspent', () => {
    const [first, ...others] = PLAN.tiers;
    const capped = { ...PLAN, tiers: [{ ...first, perMember: 12 }, ...others] };
    const searching = advance(newTiers(capped, 'tier0'), train);
    const found: Outcome = {
      did: 'search',
      steps: 20,
      paths: [
        { name: 'tier1-1', status: 'exited' },
        { name: 'tier1-2', status: 'exhausted' },
        { name: 'tier1-3', status: 'exited' },
      ],
    };
    expect(advance(searching, found).next).toMatchObject({ do: 'descend', steps: 24 });
    expect(advance(searching, exits(1, 20)).next).toMatchObject({ do: 'descend', steps: 36 });
  });

  it('choose among the networks that did not diverge, and search the next tier from the best', () => {
    const descended = stateAfter(train, exits(1, 20), { did: 'descend', diverged: ['tier1-1'] });
    expect(descended).toMatchObject({ next: { do: 'choose', tier: 1, among: ['tier1-2', 'tier1-3'] } });
    const chosen = advance(descended, choose({ 'tier1-1': 0.1, 'tier1-2': 0.5, 'tier1-3': 0.4 }));
    expect(chosen).toMatchObject({
      next: { do: 'search', tier: 2, origin: 'tier1-3', paths: 2, steps: 10 },
      spent: { steps: 160, search: 20 },
    });
  });

  it('take the first of equals, and no network whose loss is not a finite number', () => {
    const choosing = stateAfter(train, exits(1, 20), descend);
    const originAfter = (losses: Record<string, number>) => {
      const { next } = advance(choosing, choose(losses));
      return next.do === 'search' ? next.origin : next.do;
    };
    expect(originAfter({ 'tier1-1': 1, 'tier1-2': 0.5, 'tier1-3': 0.5 })).toBe('tier1-2');
    expect(originAfter({ 'tier1-1': Number.NaN, 'tier1-2': Number.NEGATIVE_INFINITY, 'tier1-3': 7 })).toBe('tier1-3');
    expect(originAfter({ 'tier1-2': 3 })).toBe('tier1-2');
    expect(originAfter({ 'tier1-1': Number.NaN, 'tier1-3': Number.POSITIVE_INFINITY })).toBe('stop');
    expect(originAfter({})).toBe('stop');
  });

  it('stop after the last tier, with the whole budget spent', () => {
    const best = choose({ 'tier1-1': 1, 'tier1-2': 2, 'tier1-3': 3 });
    const end = stateAfter(train, exits(1, 20), descend, best, exits(2, 7), descend);
    expect(end).toMatchObject({ next: { do: 'stop' }, spent: { steps: 210, search: 27 } });
  });

  it('stop where no path exited, with the rest of the budget unspent', () => {
    const paths = names(1, 3).map((name) => ({ name, status: 'exhausted' as const }));
    expect(stateAfter(train, { did: 'search', paths, steps: 20 })).toMatchObject({
      next: { do: 'stop' },
      spent: { steps: 120, search: 20 },
    });
  });

  it('stop where all descents of a tier diverged', () => {
    const diverged = stateAfter(train, exits(1, 20), { did: 'descend', diverged: names(1, 3) });
    expect(diverged).toMatchObject({ next: { do: 'stop' }, spent: { steps: 160, search: 20 } });
  });
});

describe('advance', () => {
  it('refuses an outcome that answers something else, whatever is to be done next', () => {
    const best = choose({ 'tier1-1': 1 });
    const outcomes = [train, exits(1, 20), descend, best];
    const states = [
      stateAfter(),
      stateAfter(train),
      stateAfter(train, exits(1, 20)),
      stateAfter(train, exits(1, 20), descend),
    ];
    const stopped = stateAfter(train, exits(1, 20), { did: 'descend', diverged: names(1, 3) });
    for (const [k, state] of [...states, stopped].entries()) {
      for (const [n, outcome] of outcomes.entries()) {
        if (n !== k)
          expect(() => advance(state, outcome)).toThrow(`'${outcome.did}' does not answer '${state.next.do}'`);
      }
    }
  });

  it.each([21, 1e9, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a search that took %d of 20 steps', (steps) => {
    expect(() => stateAfter(train, exits(1, steps))).toThrow(`the search took ${steps} steps of 20`);
    expect(stateAfter(train, exits(1, 20)).spent.search).toBe(20);
    expect(stateAfter(train, exits(1, 0)).spent.search).toBe(0);
  });

  it('leaves the state that it was given as it was', () => {
    const state = stateAfter(train);
    const before = structuredClone(state);
    advance(state, exits(1, 20));
    expect(state).toEqual(before);
  });
});
