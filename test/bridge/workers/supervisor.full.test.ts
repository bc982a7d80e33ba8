import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PROTOCOL_VERSION } from '../../../src/bridge/wire/protocol';
import type { Launcher, WorkerHandle } from '../../../src/bridge/workers/launcher';
import { Supervisor } from '../../../src/bridge/workers/supervisor';
import { failureOf, REGISTER, ROOT, startWorker, until, usePlainPython, WatchedLauncher } from '../../builders';
import { descent, OPEN_WINE } from '../requests';

usePlainPython();

describe('what the watch of a worker does not mistake for its loss', () => {
  it('is Node being stopped for longer than a worker may be silent', async () => {
    const script = [path.join(__dirname, '..', 'stopped-owner.ts')];
    const child = spawn(process.execPath, ['-r', REGISTER, ...script], { cwd: ROOT });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    await until(() => printed.includes('ready'));
    child.kill('SIGSTOP');
    await pause(2000); // longer than the second after which its worker counts as lost
    child.kill('SIGCONT');
    child.stdin.end('go on\n');
    expect(await ended).toBe(0);
    expect(printed).toBe('ready\nthe worker answers\n');
  });

  it('is a clock of the machine that is set back or forward by hours', async () => {
    const { worker } = await startWorker({ beatMs: 20, lostMs: 5000, stallMs: 5000 });
    const [now, hour] = [Date.now(), 3_600_000];
    let looks = 0;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => {
      looks += 1;
      return now + (looks % 2 === 0 ? -5 : 5) * hour * looks;
    });
    await worker.request('open', OPEN_WINE);
    await worker.request('newPoint', { point: 'a', stream: 'init' });
    await worker.request('descend', descent('a', 2000));
    Date.now();
    clock.mockRestore();
    expect(worker.failure).toBeUndefined();
  });
});

describe('a worker that was given up', () => {
  it('is heard no more, also where it lives on and answers late', async () => {
    const watched = new WatchedLauncher();
    const first = await watched.start();
    const immortal: WorkerHandle = { ...first, stop: async () => {} }; // as one on another machine that cannot be reached
    const handles = [async () => immortal, () => watched.start()];
    const launcher: Launcher = { start: async () => (handles.shift() ?? unexpected)() };
    const supervisor = await Supervisor.start(launcher, { beatMs: 20, lostMs: 3000, backOffMs: 1 });
    const old = supervisor.worker;
    await old.request('open', OPEN_WINE);
    await old.request('newPoint', { point: 'a', stream: 'init' });
    process.kill(old.hello.pid, 'SIGSTOP');
    const early = failureOf(old.request('descend', descent('a', 10)));
    const fresh = await supervisor.replace(await early);
    process.kill(old.hello.pid, 'SIGCONT');
    await fresh.request('open', OPEN_WINE);
    await fresh.request('newPoint', { point: 'a', stream: 'init' });
    expect((await fresh.request('descend', descent('a', 7))).loss).toHaveLength(7);
    expect(fresh.failure).toBeUndefined();
    expect(await failureOf(old.request('hello', { protocol: PROTOCOL_VERSION }))).toBe(await early);
    await first.stop(0);
    await supervisor.close();
  });
});

function unexpected(): never {
  throw new Error('no third worker was expected');
}
