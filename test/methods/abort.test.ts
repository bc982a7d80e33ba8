import fs from 'node:fs';
import path from 'node:path';
import { InterruptedError } from '../../src/errors';
import { failureOf } from '../builders';
import { TestSession } from './session';

const session = new TestSession();

/** The run ends with an InterruptedError, and its directory holds a run to go on with. */
async function mustBeInterrupted(run: Promise<unknown>): Promise<void> {
  const error = await failureOf(run);
  expect(error).toBeInstanceOf(InterruptedError);
  const out = path.join(
    session.directory,
    session.left.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).at(-1) ?? '',
  );
  expect(error.message).toBe(`the run was interrupted; \`npx --no dsptt resume ${out}\` resumes the run`);
  expect(fs.existsSync(path.join(out, 'config.json'))).toBe(true);
  expect(fs.existsSync(path.join(out, 'result.json'))).toBe(false);
}

describe('an AbortSignal', () => {
  it.each(['started', 'phase', 'progress', 'search'])('ends the run from a listener of "%s" events', async (type) => {
    const controller = new AbortController();
    const onEvent = (event: { readonly type: string }) => {
      if (event.type === type) controller.abort();
    };
    const run = session.run({ budget: { steps: 600 } }, { signal: controller.signal, onEvent });
    await mustBeInterrupted(run);
  });

  it('ends a run in its evaluation', async () => {
    const controller = new AbortController();
    const onEvent = (event: { readonly type: string; readonly phase?: string }) => {
      if (event.phase === 'evaluation') controller.abort();
    };
    const run = session.run({ budget: { steps: 600 } }, { signal: controller.signal, onEvent });
    await mustBeInterrupted(run);
  });

  it('that was aborted before ends the run before its first command', async () => {
    const types: string[] = [];
    await mustBeInterrupted(session.run({}, { signal: AbortSignal.abort(), onEvent: ({ type }) => types.push(type) }));
    expect(types).toEqual([]);
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
