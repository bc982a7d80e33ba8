import fc from 'fast-check';
import type { Plan } from '../../src/trust-tech/budget';
import { namedStream } from '../../src/trust-tech/streams';
import {
  advance,
  type Instruction,
  newTiers,
  type Outcome,
  type PathEnd,
  type TiersState,
} from '../../src/trust-tech/tiers';

interface Done {
  readonly state: TiersState;
  readonly asked: Instruction;
  readonly outcome: Outcome;
}

const planArbitrary: fc.Arbitrary<Plan> = fc.record({
  tier0: fc.integer({ min: 1, max: 1000 }),
  tiers: fc.array(
    fc
      .record({
        paths: fc.integer({ min: 1, max: 5 }),
        search: fc.integer({ min: 0, max: 100 }),
        descents: fc.integer({ min: 1, max: 100 }),
        perMember: fc.option(fc.integer({ min: 1, max: 100 })),
      })
      .map(({ paths, search, descents, perMember }) => ({ paths, search, perMember, steps: search + descents })),
    { minLength: 1, maxLength: 4 },
  ),
});

const STATUSES = ['exited', 'exited', 'exited', 'exhausted', 'diverged', 'searching', 'verifying'] as const;
const LOSSES = [0.5, 0.25, 0.125, 0, -1, 0.5, 7, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** Any valid answer to an instruction. */
function answer(asked: Instruction, draw: (below: number) => number): Outcome {
  if (asked.do === 'train') return { did: 'train' };
  if (asked.do === 'search') {
    const paths = Array.from({ length: asked.paths }, (_, k): PathEnd => {
      return { name: `tier${asked.tier}-${k + 1}`, status: STATUSES[draw(STATUSES.length)] };
    });
    return { did: 'search', paths, steps: draw(asked.steps + 1) };
  }
  if (asked.do === 'descend') return { did: 'descend', diverged: asked.starts.filter(() => draw(5) === 0) };
  if (asked.do === 'stop') throw new Error('nothing answers a stop');
  const measured = asked.among.filter(() => draw(10) > 0);
  return { did: 'choose', losses: new Map(measured.map((name) => [name, LOSSES[draw(LOSSES.length)]])) };
}

/** Carry out a plan with answers drawn at random: all that was done, in order. */
function carryOut(plan: Plan, seed: number): { done: Done[]; end: TiersState } {
  const draw = namedStream(seed, 'answers');
  const done: Done[] = [];
  let state = newTiers(plan, 'tier0');
  while (state.next.do !== 'stop') {
    if (done.length > 4 * plan.tiers.length) throw new Error('the tiers do not end');
    const outcome = answer(state.next, draw);
    done.push({ state, asked: state.next, outcome });
    state = advance(state, outcome);
  }
  return { done, end: state };
}

function holds(law: (run: { plan: Plan; done: readonly Done[]; end: TiersState }) => void): void {
  fc.assert(
    fc.property(planArbitrary, fc.nat(), (plan, seed) => law({ plan, ...carryOut(plan, seed) })),
    { numRuns: 500 },
  );
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe('laws of the tiers, whatever is found', () => {
  it('end, in the order train, and then search, descend and choose tier by tier', () => {
    const lengths = new Set<number>();
    holds(({ plan, done }) => {
      const order = plan.tiers.flatMap((_, k) => [`search ${k + 1}`, `descend ${k + 1}`, `choose ${k + 1}`]);
      const wanted = ['train', ...order.slice(0, -1)];
      const asked = done.map(({ asked: each }) => ('tier' in each ? `${each.do} ${each.tier}` : each.do));
      expect(asked).toEqual(wanted.slice(0, asked.length));
      lengths.add(asked.length);
    });
    expect(Math.max(...lengths)).toBe(12); // train and four tiers, of which the last chooses nothing
  });

  it('spend no more than the plan has, search no more than a share has, and count what was spent', () => {
    holds(({ plan, done, end }) => {
      const searched = done.map(({ outcome }) => (outcome.did === 'search' ? outcome.steps : 0));
      const steps = done.map(({ asked, outcome }) => {
        if (outcome.did === 'search') return outcome.steps;
        return 'steps' in asked ? asked.steps : 0;
      });
      expect(end.spent).toEqual({ steps: sum(steps), search: sum(searched) });
      expect(end.spent.steps).toBeLessThanOrEqual(plan.tier0 + sum(plan.tiers.map((tier) => tier.steps)));
      expect(end.spent.search).toBeLessThanOrEqual(sum(plan.tiers.map((tier) => tier.search)));
      for (const { asked } of done) {
        if (asked.do === 'search') expect(asked.steps).toBe(plan.tiers[asked.tier - 1].search);
      }
    });
  });

  it('give descents all that their search left, as far as members may have it', () => {
    let capped = 0;
    holds(({ plan, done }) => {
      for (const [k, { asked }] of done.entries()) {
        if (asked.do !== 'descend') continue;
        const { steps, perMember } = plan.tiers[asked.tier - 1];
        const before = done[k - 1].outcome;
        const left = steps - (before.did === 'search' ? before.steps : 0);
        const most = perMember === null ? left : perMember * asked.starts.length;
        expect(asked.steps).toBe(Math.min(left, most));
        if (most < left) capped += 1;
      }
    });
    expect(capped).toBeGreaterThan(50);
  });

  it('descend only from paths that exited, and from all of them', () => {
    let paths = 0;
    holds(({ done }) => {
      for (const [k, { asked }] of done.entries()) {
        if (asked.do !== 'descend') continue;
        const found = done[k - 1].outcome;
        const exited = found.did === 'search' ? found.paths.filter(({ status }) => status === 'exited') : [];
        expect(asked.starts).toEqual(exited.map(({ name }) => name));
        expect(asked.starts.length).toBeGreaterThan(0);
        expect(asked.steps).toBeGreaterThan(0);
        paths += asked.starts.length;
      }
    });
    expect(paths).toBeGreaterThan(500);
  });

  it('choose only among paths that were descended from and did not diverge, and search on from the best', () => {
    let chosen = 0;
    holds(({ done }) => {
      for (const [k, { asked, outcome }] of done.entries()) {
        if (asked.do !== 'choose' || outcome.did !== 'choose') continue;
        const { asked: descents, outcome: trained } = done[k - 1];
        if (descents.do !== 'descend' || trained.did !== 'descend') throw new Error('descents come before a choice');
        expect(asked.among).toEqual(descents.starts.filter((name) => !trained.diverged.includes(name)));
        const next = done[k + 1]?.asked;
        const losses = asked.among.map((name) => outcome.losses.get(name) ?? Number.NaN).filter(Number.isFinite);
        if (losses.length === 0) expect(next).toBeUndefined();
        else {
          chosen += 1;
          if (next?.do !== 'search') throw new Error('a search comes after a choice');
          expect(asked.among).toContain(next.origin);
          expect(outcome.losses.get(next.origin)).toBe(Math.min(...losses));
        }
      }
    });
    expect(chosen).toBeGreaterThan(100);
  });

  it('stop only where the last tier is done, or nothing is left to go on from', () => {
    holds(({ plan, done }) => {
      const { asked, outcome } = done[done.length - 1];
      if (outcome.did === 'search') expect(outcome.paths.map(({ status }) => status)).not.toContain('exited');
      else if (outcome.did === 'choose') {
        const finite = asked.do === 'choose' && asked.among.some((name) => Number.isFinite(outcome.losses.get(name)));
        expect(finite).toBe(false);
      } else if (outcome.did === 'descend' && asked.do === 'descend') {
        const left = asked.starts.length - outcome.diverged.length;
        expect(asked.tier === plan.tiers.length || left === 0).toBe(true);
      } else throw new Error(`stopped after '${outcome.did}'`);
    });
  });
});
