import { once } from 'node:events';
import fs from 'node:fs';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import type { Line } from '../../src/tracking/lines';
import { Tracker } from '../../src/tracking/tracker';
import { failureOf, processes, temporaryDirectory } from '../builders';

const directory = temporaryDirectory();
const BEGIN: Line = { name: 'run', parameters: { seed: '0' }, run: 'a', resumed: false };

describe('a tracker', () => {
  it('that fails is said once, is told nothing more, and says at the end why', async () => {
    const file = path.join(directory, 'file');
    fs.writeFileSync(file, '');
    let failed = 0;
    const failure = new Promise<Error>((resolve) => {
      const onFailure = (error: Error) => {
        failed += 1;
        resolve(error);
      };
      const tracker = new Tracker({ kind: 'tensorboard', place: file }, { onFailure });
      tracker.tell(BEGIN);
      tracker.tell({ end: 'finished' });
      tracker.end(60_000).catch(() => {});
    });
    expect((await failure).message).toMatch(/^cannot write .*file\/run: /);
    expect(failed).toBe(1);
  });

  it('that does not answer is waited for no longer than was said, and leaves no process', async () => {
    const taken: Socket[] = [];
    const silent = createServer((socket) => taken.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const place = `http://127.0.0.1:${port}`;
    const tracker = new Tracker({ kind: 'mlflow', place });
    tracker.tell(BEGIN);
    await once(silent, 'connection');
    const error = await failureOf(tracker.end(100));
    expect(error.message).toBe('it had not sent everything within 0.1 s');
    expect(processes().filter(({ command }) => command.includes(place))).toEqual([]);
    for (const socket of taken) socket.destroy();
    silent.close();
  });

  it('is ended by a signal', async () => {
    const controller = new AbortController();
    const tracker = new Tracker({ kind: 'tensorboard', place: directory }, { signal: controller.signal });
    const ending = failureOf(tracker.end(60_000));
    controller.abort();
    expect(await ending).toMatchObject({ kind: 'InterruptedError' });
  });
});
