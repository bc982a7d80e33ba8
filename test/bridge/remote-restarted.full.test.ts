import path from 'node:path';
import { makeKeys } from '../../src/bridge/wire/key-files';
import { RemoteLauncher } from '../../src/bridge/workers/remote-launcher';
import { Worker } from '../../src/bridge/workers/worker';
import { WorkerError } from '../../src/errors';
import { failureOf, temporaryDirectory } from '../builders';
import { startDaemon } from './remote-worker';
import { OPEN_WINE } from './requests';

describe('a worker on TCP that was restarted while its client was idle', () => {
  const keys = temporaryDirectory();

  it('is lost, however well the new one answers, and the next session has the new one', async () => {
    await makeKeys(keys, ['client']);
    const daemon = await startDaemon(path.join(keys, 'server'));
    const launcher = new RemoteLauncher({ address: daemon.address, keys: path.join(keys, 'client') });
    const worker = await Worker.start(launcher, { beatMs: 20, lostMs: 2000 });
    await worker.request('open', OPEN_WINE);
    await daemon.stop();
    await startDaemon(path.join(keys, 'server'), daemon.port);
    const error = await failureOf(worker.request('targets', { split: 'test' }));
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toMatch(/is lost: no beat for \d+ ms/);
    await worker.close();
    const next = await Worker.start(launcher);
    expect(next.hello.worker).not.toBe(worker.hello.worker);
    await next.close();
  });
});
