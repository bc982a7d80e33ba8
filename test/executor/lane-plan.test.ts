import fc from 'fast-check';
import { type LaneStretch, planLanes } from '../../src/executor/lane-plan';
import { Pieces } from '../../src/executor/program-cutter';
import { sendInTurns } from '../../src/executor/send-order';

const lengths = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 12 });
const lanes = fc.integer({ min: 1, max: 6 });
const stepsOf = (stretches: readonly LaneStretch[]) => stretches.reduce((sum, { from, to }) => sum + to - from, 0);

/** The pieces in the order in which they are sent, each with its lane. */
async function sent(plan: readonly (readonly LaneStretch[])[], chunks: readonly number[]) {
  const order: (LaneStretch & { readonly lane: number })[] = [];
  const pieces = plan.map((_, lane) => new Pieces({ chunk: chunks[lane % chunks.length] }));
  await sendInTurns(plan, pieces, async (piece, lane) => {
    order.push({ ...piece, lane });
  }).answers;
  return order;
}

describe('a plan of lanes', () => {
  it('has every step of every program once', () => {
    fc.assert(
      fc.property(lengths, lanes, (steps, count) => {
        const plan = planLanes(steps, count);
        expect(plan.length).toBeLessThanOrEqual(count);
        for (const [program, length] of steps.entries()) {
          const stretches = plan.flat().filter((stretch) => stretch.program === program);
          const made = stretches.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
          expect(made.sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
        }
      }),
    );
  });

  it('gives no lane more than its share, or the longest program, and a trifle', () => {
    fc.assert(
      fc.property(lengths, lanes, (steps, count) => {
        const total = steps.reduce((sum, length) => sum + length, 0);
        const share = Math.max(...steps, Math.ceil(total / count));
        const most = Math.max(...planLanes(steps, count).map(stepsOf));
        expect(most).toBeLessThanOrEqual(share * (1 + 0.05 * count));
      }),
    );
  });

  it('makes five equal programs in half the time on two lanes, one of them in two halves', () => {
    expect(planLanes([100, 100, 100, 100, 100], 2)).toEqual([
      [
        { program: 0, from: 0, to: 100 },
        { program: 1, from: 0, to: 100 },
        { program: 2, from: 50, to: 100 },
      ],
      [
        { program: 2, from: 0, to: 50 },
        { program: 3, from: 0, to: 100 },
        { program: 4, from: 0, to: 100 },
      ],
    ]);
  });

  it('takes no program to another lane for a step or two', () => {
    const plan = planLanes([63, 63, 62, 62], 2);
    expect(plan.map((stretches) => stretches.map(({ program }) => program))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });
});

describe('pieces that are sent in turns', () => {
  it('come in the order of their program, whatever the lanes and the lengths of pieces', async () => {
    const chunks = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(lengths, lanes, chunks, async (steps, count, cuts) => {
        const done = steps.map(() => 0);
        for (const { program, from, to } of await sent(planLanes(steps, count), cuts)) {
          expect(from).toBe(done[program]);
          done[program] = to;
        }
        expect(done).toEqual(steps);
      }),
    );
  });

  it('begin in the last lane, whose points must leave the first one before that is busy', async () => {
    const order = await sent(planLanes([20, 20, 20], 3), [10]);
    expect(order.map(({ lane }) => lane)).toEqual([2, 1, 0, 2, 1, 0]);
  });

  it('end with the first failure', async () => {
    let performed = 0;
    const plan = planLanes([100, 100], 2);
    const pieces = plan.map(() => new Pieces({ chunk: 1, ahead: 2 }));
    const sending = sendInTurns(plan, pieces, async ({ from }) => {
      performed += 1;
      if (from === 3) throw new Error('step 3');
    });
    await sending.sent;
    await expect(sending.answers).rejects.toThrow('step 3');
    expect(performed).toBeLessThan(20);
  });
});
