import { InterruptedError } from '../../src/errors';
import { failureOf } from '../builders';
import { TestSession } from './session';

const session = new TestSession();
let before: string[];
beforeEach(() => {
  before = session.left;
});

describe('an AbortSignal', () => {
  it.each(['started', 'phase', 'progress', 'search'])('ends the run from a listener of "%s" events', async (type) => {
    const controller = new AbortController();
    const onEvent = (event: { readonly type: string }) => {
      if (event.type === type) controller.abort();
    };
    const run = session.run({ budget: { steps: 600 } }, { signal: controller.signal, onEvent });
    expect(await failureOf(run)).toBeInstanceOf(InterruptedError);
    expect(session.left).toEqual(before);
  });

  it('ends a run in its evaluation', async () => {
    const controller = new AbortController();
    const onEvent = (event: { readonly type: string; readonly phase?: string }) => {
      if (event.phase === 'evaluation') controller.abort();
    };
    const run = session.run({ budget: { steps: 600 } }, { signal: controller.signal, onEvent });
    expect(await failureOf(run)).toBeInstanceOf(InterruptedError);
    expect(session.left).toEqual(before);
  });

  it('that was aborted before ends the run before anything is written', async () => {
    const error = await failureOf(session.run({}, { signal: AbortSignal.abort() }));
    expect(error).toBeInstanceOf(InterruptedError);
    expect(session.left).toEqual(before);
  });

  it('ends a run whose search has cells in flight with that one error, and no other that nobody handles', async () => {
    const { signal, onEvent } = abortedInSearch();
    await expect(session.run({ budget: { steps: 600 } }, { signal, onEvent })).rejects.toThrow(InterruptedError);
    await new Promise(setImmediate); // jest fails a test that leaves a rejection unhandled
  });

  it('leaves a worker that does the next run as if nothing had been', async () => {
    const first = await session.run({});
    const { signal, onEvent } = abortedInSearch();
    await expect(session.run({ budget: { steps: 600 } }, { signal, onEvent })).rejects.toThrow(InterruptedError);
    const after = await session.run({});
    expect({ ...after.result, timings: null }).toEqual({ ...first.result, timings: null });
  });
});

/** A signal that is aborted a moment after the first cell of a search was judged, when the next ones are on the wire. */
function abortedInSearch() {
  const controller = new AbortController();
  const onEvent = (event: { readonly type: string }) => {
    if (event.type === 'search') setImmediate(() => controller.abort());
  };
  return { signal: controller.signal, onEvent };
}
