import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { nodeDisk } from '../../src/store/disk/disk';
import { Journal } from '../../src/store/journal/journal';
import { KILL_POINTS } from '../../src/store/kill-point';
import { REGISTER, ROOT, temporaryDirectory } from '../builders';

const root = temporaryDirectory();

/** Run `one-by-one.ts` on a fresh directory: it appends five records to a journal, each once the one before is on the disk. */
function appendUntil(killAt: string) {
  const directory = fs.mkdtempSync(path.join(root, 'run-'));
  const script = path.join(__dirname, 'journal', 'one-by-one.ts');
  const { signal, status, stdout, stderr } = spawnSync(process.execPath, ['-r', REGISTER, script, directory], {
    cwd: ROOT,
    env: { ...process.env, DSPTT_KILL_AT: killAt },
    encoding: 'utf8',
  });
  return { directory, signal, status, stderr, done: stdout.trim().split('\n').filter(Boolean).length };
}

async function recordsIn(directory: string): Promise<number> {
  const journal = await Journal.open(directory, nodeDisk);
  await journal.close();
  return journal.found.records.length;
}

describe('a process', () => {
  it.each<[string, { done: number; records: number }]>([
    ['journal.afterWrite:3', { done: 2, records: 3 }],
    ['journal.beforeWrite:3', { done: 2, records: 2 }],
    ['journal.afterSync', { done: 0, records: 1 }],
  ])('that is to die at %s is killed there, that time', async (killAt, expected) => {
    const { directory, signal, done } = appendUntil(killAt);
    expect({ signal, done, records: await recordsIn(directory) }).toEqual({ signal: 'SIGKILL', ...expected });
  });

  it.each([
    ['an empty word', ''],
    ['a time that does not come', 'journal.afterWrite:6'],
  ])('that is to die at %s lives', async (_, killAt) => {
    const { directory, status, done } = appendUntil(killAt);
    expect({ status, done, records: await recordsIn(directory) }).toEqual({ status: 0, done: 5, records: 5 });
  });

  it.each(['journal.afterwrite', 'journal.afterWrite:0', 'journal.afterWrite:x', ':3'])(
    'that is to die where no place is ends at once, and says which there are: %s',
    (killAt) => {
      const { status, stderr, directory } = appendUntil(killAt);
      expect(status).toBe(1);
      expect(stderr).toContain(`UsageError: DSPTT_KILL_AT must be a kill point`);
      for (const shown of [`'${killAt}'`, ...KILL_POINTS]) expect(stderr).toContain(shown);
      expect(fs.readdirSync(directory)).toEqual([]);
    },
  );
});

it('every kill point is a place in the program, and has one name', () => {
  const src = path.join(ROOT, 'src');
  const files = fs.readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const code = files.map((file) => fs.readFileSync(path.join(src, file), 'utf8')).join('\n');
  for (const point of KILL_POINTS) expect(code.split(`killPoint('${point}')`)).toHaveLength(2);
});
