import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { JournalError, UsageError } from '../../../src/errors';
import { thisProcess } from '../../../src/store/disk/holder';
import { type HeldLock, holderOf, holding, releaseLeft } from '../../../src/store/disk/lock';
import { endedProcess, failureOf, REGISTER, ROOT, temporaryDirectory } from '../../builders';

const root = temporaryDirectory();
let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(root, 'run-'));
});
const left = () => fs.readdirSync(directory);
const lock = () => path.join(directory, '.lock');
const nothing = async () => {};

/** Another process that wants directories (`lock-holder.ts`). */
class Rival {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /** @param within a command that starts another one somewhere else, and its arguments */
  constructor(within: readonly string[] = []) {
    const script = path.join(__dirname, 'lock-holder.ts');
    const [command, ...args] = [...within, process.execPath, '-r', REGISTER, script, '20'];
    const child = spawn(command, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
    this.child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Its next line. */
  async says(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the rival has ended');
    return value;
  }

  /** `held`, or why not. */
  hold(of: string): Promise<string> {
    this.child.stdin?.write(`hold ${of}\n`);
    return this.says();
  }

  release(): Promise<string> {
    this.child.stdin?.write('release\n');
    return this.says();
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill(signal);
    await ended;
  }
}

let rivals: Rival[];
let doomed: Rival;
beforeAll(async () => {
  const started = Array.from({ length: 5 }, () => new Rival());
  [doomed, ...rivals] = started;
  for (const rival of started) expect(await rival.says()).toBe('ready');
});
afterAll(() => Promise.all([doomed, ...rivals].map((rival) => rival.kill('SIGKILL'))));

describe('a directory that is held', () => {
  it('is made where it does not exist, with a lock in it that is gone afterwards', async () => {
    const below = path.join(directory, 'a', 'b');
    const seen = await holding(below, async () => fs.readdirSync(below));
    expect(seen).toEqual(['.lock']);
    expect(fs.readdirSync(below)).toEqual([]);
  });

  it('gives what the work gives', async () => {
    expect(await holding(directory, async () => 7)).toBe(7);
  });

  it('is free again after work that failed', async () => {
    const error = new Error('the work');
    expect(await failureOf(holding(directory, () => Promise.reject(error)))).toBe(error);
    expect(left()).toEqual([]);
    await holding(directory, nothing);
  });

  it('is refused a second time to the same process', async () => {
    const error = await holding(directory, () => failureOf(holding(directory, nothing)));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain(`process ${process.pid} works in ${directory}`);
  });

  it('is refused to a second process, which is told by whom it is held', async () => {
    const [rival] = rivals;
    expect(await rival.hold(directory)).toBe('held');
    const error = await failureOf(holding(directory, nothing));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(new RegExp(`^process ${rival.child.pid} works in ${directory}: wait for it, or`));
    expect(left()).toEqual(['.lock']);
    expect(await rival.release()).toBe('released');
    await holding(directory, nothing);
    expect(left()).toEqual([]);
  });

  it('stays so while its process stands still, and is free once that was killed', async () => {
    expect(await doomed.hold(directory)).toBe('held');
    doomed.child.kill('SIGSTOP');
    await expect(holding(directory, nothing)).rejects.toThrow(`process ${doomed.child.pid} works in`);
    await doomed.kill('SIGKILL');
    expect(left()).toEqual(['.lock']);
    expect(await holding(directory, async () => left())).toEqual(['.lock']);
    expect(left()).toEqual([]);
  });
});

describe('a lock that counts for nothing', () => {
  const taken = async (content: string) => {
    fs.writeFileSync(lock(), content);
    expect(await holding(directory, async () => JSON.parse(fs.readFileSync(lock(), 'utf8')))).toMatchObject({
      pid: process.pid,
    });
    expect(left()).toEqual([]);
  };

  it('is that of a process that is gone', () => taken(JSON.stringify({ pid: endedProcess(), began: '12345' })));

  it('is that of a process whose number another one has now', () =>
    taken(JSON.stringify({ pid: process.pid, began: '1' })));

  it.each([
    ['nothing, as after a power failure', ''],
    ['half of a lock', '{"pid":12'],
    ['zeros', '\0'.repeat(40)],
    ['something else', 'locked'],
    ['a number below 1', '{"pid":0,"began":null}'],
    ['a number of all processes', '{"pid":-1,"began":null}'],
    ['a time that would lead elsewhere', `{"pid":${process.pid},"began":"/../../x"}`],
  ])('is a file of %s', (_, content) => taken(content));

  it('is one that two processes died over, one after the other', async () => {
    const [first, second] = [endedProcess(), endedProcess()];
    fs.writeFileSync(`${lock()}.after-${first}-1`, JSON.stringify({ pid: second, began: '2' }));
    await taken(JSON.stringify({ pid: first, began: '1' }));
  });

  it('is left alone while another process takes it', async () => {
    const pid = endedProcess();
    const right = JSON.stringify({ pid: process.ppid, began: null });
    fs.writeFileSync(`${lock()}.after-${pid}-1`, right);
    fs.writeFileSync(lock(), JSON.stringify({ pid, began: '1' }));
    await expect(holding(directory, nothing)).rejects.toThrow(`process ${process.ppid} is taking ${directory}`);
    expect(left()).toEqual(['.lock', `.lock.after-${pid}-1`]);
  });

  it('is none where it cannot be read', async () => {
    fs.mkdirSync(lock());
    const error = await failureOf(holding(directory, nothing));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain(`cannot read ${lock()}`);
    expect(left()).toEqual(['.lock']);
  });

  it('is left alone where its process may live: a system that does not tell when processes began', async () => {
    const content = JSON.stringify({ pid: process.ppid, began: null });
    fs.writeFileSync(lock(), content);
    await expect(holding(directory, nothing)).rejects.toThrow(`process ${process.ppid} works in ${directory}`);
    expect(fs.readFileSync(lock(), 'utf8')).toBe(content);
    expect(left()).toEqual(['.lock']);
  });
});

describe('a lock of another machine', () => {
  const ELSEWHERE = { pid: 7, began: '1', place: 'another boot pid:[1]', host: 'node-12' };
  const taking = (work: (lock: HeldLock) => Promise<unknown> = nothing) => {
    const told: string[] = [];
    return { told, held: holding(directory, work, { voidMs: 600, onWait: (message) => told.push(message) }) };
  };

  it('counts while it is renewed, and its holder is named with its machine', async () => {
    fs.writeFileSync(lock(), JSON.stringify(ELSEWHERE));
    const renewal = setInterval(() => fs.utimesSync(lock(), new Date(), new Date()), 5);
    const { told, held } = taking();
    const error = await failureOf(held);
    clearInterval(renewal);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(/^process 7 of node-12 works in .*: wait for it/);
    expect(told).toEqual([`waits up to 1 s to see whether process 7 of node-12 still works in ${directory}`]);
    expect(left()).toEqual(['.lock']);
  });

  it('is void once it is not renewed any more', async () => {
    fs.writeFileSync(lock(), JSON.stringify(ELSEWHERE));
    const { told, held } = taking(async () => expect(holderOf(directory)?.pid).toBe(process.pid));
    await held;
    expect(told).toHaveLength(1);
    expect(left()).toEqual([]);
  });

  it('shows its holder until it was seen for a minute without a renewal, and is not released as left behind', async () => {
    fs.writeFileSync(lock(), JSON.stringify(ELSEWHERE));
    let now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    expect(holderOf(directory)).toEqual(ELSEWHERE);
    now += 59_000;
    expect(holderOf(directory)).toEqual(ELSEWHERE);
    fs.utimesSync(lock(), 1, 1);
    now += 59_000;
    expect(holderOf(directory)).toEqual(ELSEWHERE);
    now += 61_000;
    expect(holderOf(directory)).toBeNull();
    clock.mockRestore();
    await releaseLeft(directory);
    expect(left()).toEqual(['.lock']);
  });

  it('ends the work of the process that it was taken from, and stays', async () => {
    const { held } = taking(async ({ mustHold }) => {
      fs.writeFileSync(lock(), JSON.stringify(ELSEWHERE));
      mustHold();
    });
    const error = await failureOf(held);
    expect(error).toBeInstanceOf(JournalError);
    expect(error.message).toContain('process 7 of node-12 works there now');
    expect(left()).toEqual(['.lock']);
  });

  it('names a place and a machine, so that others can tell it from their own', async () => {
    const written = await holding(directory, async () => JSON.parse(fs.readFileSync(lock(), 'utf8')));
    expect(written).toEqual(thisProcess());
    expect(written.place).toMatch(/^\S+/);
  });

  const NAMESPACE = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const canSeparate = spawnSync(NAMESPACE[0], [...NAMESPACE.slice(1), 'true']).status === 0;
  (canSeparate ? it : it.skip)('counts for a process of another container, until that is killed', async () => {
    const rival = new Rival(NAMESPACE);
    expect(await rival.says()).toBe('ready');
    expect(await rival.hold(directory)).toBe('held');
    expect((await failureOf(taking().held)).message).toMatch(/^process 1 of \S+ works in /);
    await rival.kill('SIGKILL');
    await taking().held;
    expect(left()).toEqual([]);
  });
});

describe('of several processes that want the same directory at once', () => {
  const ended = endedProcess();

  it.each<[string, string | null]>([
    ['free', null],
    ['left by a process that is gone', JSON.stringify({ pid: ended, began: '12345' })],
    ['left by a process whose number another one has', JSON.stringify({ pid: process.pid, began: '1' })],
    ['left with half a lock', '{"pid":'],
  ])('exactly one has it, and the others know which: %s', async (_, stale) => {
    for (let round = 0; round < 20; round += 1) {
      if (stale !== null) fs.writeFileSync(lock(), stale);
      const answers = await Promise.all(rivals.map((rival) => rival.hold(directory)));
      const winners = rivals.filter((_rival, k) => answers[k] === 'held');
      expect({ answers, winners: winners.length }).toMatchObject({ winners: 1 });
      const why = /^UsageError: process (\d+) (works in|is taking) (.*): wait for it/;
      for (const answer of answers.filter((one) => one !== 'held')) {
        const [, pid, does, where] = why.exec(answer) ?? [answer];
        expect(where).toBe(directory);
        if (does === 'works in') expect(pid).toBe(String(winners[0].child.pid));
      }
      expect(left()).toEqual(['.lock']);
      expect(await winners[0].release()).toBe('released');
      expect(left()).toEqual([]);
    }
  });

  it('exactly one has it where it must be made first', async () => {
    for (let round = 0; round < 20; round += 1) {
      const below = path.join(directory, String(round), 'runs', 'a');
      const answers = await Promise.all(rivals.map((rival) => rival.hold(below)));
      const winners = rivals.filter((_rival, k) => answers[k] === 'held');
      expect({ answers, winners: winners.length }).toMatchObject({ winners: 1 });
      await winners[0].release();
    }
  });
});
