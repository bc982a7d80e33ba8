import fc from 'fast-check';
import { type Piece, Pieces } from '../../src/executor/program-cutter';
import { deferred } from '../../src/run/durable/deferred';

/** A worker whose every step takes as long as `msOf` says, on a clock of its own. */
function machine(msOf: (step: number) => number) {
  let clock = 0;
  let busy = Promise.resolve();
  const performed: Piece[] = [];
  const perform = (piece: Piece) => {
    performed.push(piece);
    busy = busy.then(() => {
      for (let step = piece.from; step < piece.to; step += 1) clock += msOf(step);
    });
    return busy;
  };
  return { performed, perform, now: () => clock, lengths: () => performed.map(({ from, to }) => to - from) };
}

describe('pieces of a program', () => {
  it('cover every step once and in order, whatever steps take and the options are', async () => {
    const options = fc.record({
      chunk: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      ahead: fc.nat(8),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(3000),
        fc.double({ min: 0, max: 900, noNaN: true }),
        options,
        async (steps, ms, given) => {
          const { performed, perform, now } = machine(() => ms);
          const answers = await new Pieces({ ...given, ahead: 1 + given.ahead, now }).send(steps, perform).answers;
          expect(answers).toHaveLength(performed.length);
          let next = 0;
          for (const { from, to } of performed) {
            expect([from, to > from]).toEqual([next, true]);
            next = to;
          }
          expect(next).toBe(steps);
        },
      ),
    );
  });

  it('grow until one takes half a second', async () => {
    const { perform, lengths, now } = machine(() => 5);
    await new Pieces({ now }).send(1000, perform).answers;
    expect(lengths().slice(0, 7)).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(Math.max(...lengths())).toBe(100);
  });

  it('are single steps where a step takes longer than that', async () => {
    const { perform, lengths, now } = machine(() => 3000);
    await new Pieces({ now, ahead: 1 }).send(5, perform).answers;
    expect(lengths()).toEqual([1, 1, 1, 1, 1]);
  });

  it('go on in the next program with the length that was found in the one before', async () => {
    const { perform, lengths, now } = machine(() => 5);
    const pieces = new Pieces({ now });
    await pieces.send(1000, perform).answers;
    const before = lengths().length;
    await pieces.send(300, perform).answers;
    expect(lengths().slice(before)).toEqual([100, 100, 100]);
  });

  it('become shorter when steps take longer', async () => {
    const { perform, lengths, now } = machine((step) => (step < 1000 ? 1 : 50));
    await new Pieces({ now, ahead: 1 }).send(2000, perform).answers;
    expect(lengths().at(-2)).toBe(10);
  });

  it('are those of the journal as far as it goes, and of the given length from there', async () => {
    const journal = [7, 7, 3];
    const { perform, lengths } = machine(() => 1);
    const pieces = new Pieces({ chunk: 10, recorded: () => journal.shift() });
    await pieces.send(17, perform).answers;
    await pieces.send(25, perform).answers;
    expect(lengths()).toEqual([7, 7, 3, 10, 10, 5]);
  });

  it('are never more than so many ahead of the answers', async () => {
    const waiting = Array.from({ length: 10 }, () => deferred<number>());
    let performed = 0;
    const { sent, answers } = new Pieces({ chunk: 1, ahead: 3 }).send(10, () => waiting[performed++].promise);
    for (const [k, { resolve }] of waiting.entries()) {
      await new Promise(setImmediate);
      expect(performed).toBe(Math.min(10, k + 3));
      resolve(k);
    }
    await sent;
    expect(await answers).toEqual([...waiting.keys()]);
  });

  it('end with the first failure, whose error is the answer', async () => {
    let performed = 0;
    const { sent, answers } = new Pieces({ chunk: 1, ahead: 2 }).send(100, async ({ from }) => {
      performed += 1;
      if (from >= 4) throw new Error(`step ${from}`);
    });
    await sent;
    await expect(answers).rejects.toThrow('step 4');
    expect(performed).toBeLessThan(10);
  });
});
