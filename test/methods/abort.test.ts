import { InterruptedError } from '../../src/errors';
import { failureOf } from '../builders';
import { TestSession } from './session';

const session = new TestSession();

describe('an AbortSignal', () => {
  it.each(['started', 'phase', 'progress', 'search'])('ends the run from a listener of "%s" events', async (type) => {
    const controller = new AbortController();
    const onEvent = (event: { readonly type: string }) => {
      if (event.type === type) controller.abort();
    };
    const run = session.run({ budget: { steps: 600 } }, { signal: controller.signal, onEvent });
    expect(await failureOf(run)).toBeInstanceOf(InterruptedError);
    expect(session.left).toEqual([]);
  });

  it('ends a run in its evaluation', async () => {
    const controller = new AbortController();
    const onEvent = (event: { readonly type: string; readonly phase?: string }) => {
      if (event.phase === 'evaluation') controller.abort();
    };
    const run = session.run({ budget: { steps: 600 } }, { signal: controller.signal, onEvent });
    expect(await failureOf(run)).toBeInstanceOf(InterruptedError);
    expect(session.left).toEqual([]);
  });

  it('that was aborted before ends the run before anything is written', async () => {
    const error = await failureOf(session.run({}, { signal: AbortSignal.abort() }));
    expect(error).toBeInstanceOf(InterruptedError);
    expect(session.left).toEqual([]);
  });

  it('leaves a worker that does the next run as if nothing had been', async () => {
    const before = await session.run({});
    const controller = new AbortController();
    const onEvent = (event: { readonly type: string }) => {
      if (event.type === 'search') setImmediate(() => controller.abort());
    };
    await failureOf(session.run({ budget: { steps: 600 } }, { signal: controller.signal, onEvent }));
    const after = await session.run({});
    expect({ ...after.result, timings: null }).toEqual({ ...before.result, timings: null });
  });
});
