import { getMaxListeners } from 'node:events';
import { InterruptedError, UsageError, WorkerError } from '../../../src/errors';
import { eachAtOnce } from '../../../src/run/session/at-once';
import { Session } from '../../../src/run/session/session';
import { failureOf, until, workersOf } from '../../builders';

const startSession = () => Session.start();

describe('work on several items at a time', () => {
  it('ends a worker that has nothing left, so that another can have its place', async () => {
    const alive: number[] = [];
    await eachAtOnce(['long', 'short'], { atOnce: 2, startSession }, async (_, item) => {
      if (item === 'short') return;
      await until(() => workersOf(process.pid).length === 2);
      await until(() => workersOf(process.pid).length === 1);
      alive.push(workersOf(process.pid).length);
    });
    expect(alive).toEqual([1]);
    expect(workersOf(process.pid)).toEqual([]);
  });

  it('takes more listeners to its signals than Node expects: one for each worker', async () => {
    const limits: number[] = [];
    const start = (signal: AbortSignal) => {
      limits.push(getMaxListeners(signal));
      return Session.start();
    };
    await eachAtOnce(['a'], { atOnce: 1, startSession: start }, async (_, _item, signal) => {
      limits.push(getMaxListeners(signal));
    });
    expect(limits).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  it('leaves the item of a worker that is lost for good, does the others, and ends with its error', async () => {
    const lost = new WorkerError('the node is gone');
    const done: number[] = [];
    const work = async (_: Session, item: number) => {
      if (item === 0) throw lost;
      done.push(item);
    };
    expect(await failureOf(eachAtOnce([0, 1, 2, 3], { atOnce: 2, startSession }, work))).toBe(lost);
    expect(done).toEqual([1, 2, 3]);
  });

  it('ends all on any other error, which it throws before that of a lost worker', async () => {
    const wrong = new UsageError('wrong settings');
    const signals: AbortSignal[] = [];
    const work = async (_: Session, item: number, signal: AbortSignal) => {
      signals.push(signal);
      if (item === 0) throw new WorkerError('the node is gone');
      throw wrong;
    };
    expect(await failureOf(eachAtOnce([0, 1, 2], { atOnce: 2, startSession }, work))).toBe(wrong);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it('does without a worker that cannot be started, and says so; with none it ends with the reason', async () => {
    const noPlace = new WorkerError('no node is left');
    let starts = 0;
    const first = (): Promise<Session> => {
      starts += 1;
      return starts === 1 ? Session.start() : Promise.reject(noPlace);
    };
    const done: string[] = [];
    const told: Error[] = [];
    const work = async (_: Session, item: string) => {
      done.push(item);
    };
    const onFewer = (error: Error) => told.push(error);
    await eachAtOnce(['a', 'b', 'c'], { atOnce: 2, startSession: first, onFewer }, work);
    expect([done, told]).toEqual([['a', 'b', 'c'], [noPlace]]);
    const none = { atOnce: 2, startSession: () => Promise.reject(noPlace), onFewer };
    expect(await failureOf(eachAtOnce(['d', 'e'], none, work))).toBe(noPlace);
    expect([done, told]).toEqual([['a', 'b', 'c'], [noPlace]]);
  });

  it('waits for no further worker once no item is left for it', async () => {
    let starts = 0;
    const oneOnly = (signal: AbortSignal): Promise<Session> => {
      starts += 1;
      if (starts === 1) return Session.start();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new InterruptedError('no longer wanted')));
      });
    };
    const done: string[] = [];
    await eachAtOnce(['a', 'b', 'c'], { atOnce: 3, startSession: oneOnly }, async (_, item) => {
      done.push(item);
    });
    expect([starts, done]).toEqual([3, ['a', 'b', 'c']]);
  });
});
