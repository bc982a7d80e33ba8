import fs from 'node:fs';
import path from 'node:path';
import { JournalError } from '../../../src/errors';
import { nodeDisk } from '../../../src/store/disk/disk';
import { sealed } from '../../../src/store/journal/canonical';
import { Journal } from '../../../src/store/journal/journal';
import { failureOf, temporaryDirectory } from '../../builders';
import { appended, foundIn, HEADER, journalWith, note, notesOf, WatchedDisk } from './journals';

const root = temporaryDirectory();
const fileIn = (directory: string) => path.join(directory, 'journal.jsonl');
const linesIn = (directory: string) => fs.readFileSync(fileIn(directory), 'utf8').split(/(?<=\n)/);

/** The error with which a journal of these lines opens. */
async function refusal(lines: readonly string[]): Promise<string> {
  const directory = fs.mkdtempSync(path.join(root, 'run-'));
  fs.writeFileSync(fileIn(directory), lines.join(''));
  const error = await failureOf(Journal.open(directory, nodeDisk));
  expect(error).toBeInstanceOf(JournalError);
  expect(error.message).toContain(fileIn(directory));
  expect(fs.readFileSync(fileIn(directory), 'utf8')).toBe(lines.join(''));
  return error.message;
}

describe('a journal', () => {
  it('is nothing, and makes nothing, before the first append', async () => {
    const directory = fs.mkdtempSync(path.join(root, 'run-'));
    const journal = await Journal.open(directory, nodeDisk);
    expect({ found: journal.found, header: journal.header }).toEqual({
      found: { records: [], bytes: 0, torn: null },
      header: undefined,
    });
    await journal.close();
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it('holds what was appended, in order and numbered, with its header first', async () => {
    const directory = await journalWith(root, 'a', 'b', 'c');
    const journal = await Journal.open(directory, nodeDisk);
    expect(journal.header).toEqual({ ...HEADER, n: 0, w: 1 });
    expect(journal.found.records.map(({ n, w }) => [n, w])).toEqual([0, 1, 2, 3].map((n) => [n, 1]));
    expect(notesOf(journal.found.records)).toEqual(['a', 'b', 'c']);
    expect(journal.found.bytes).toBe(fs.statSync(fileIn(directory)).size);
    await journal.close();
  });

  it('goes on behind what was there, under the number of another process', async () => {
    const directory = await journalWith(root, 'a');
    await appended(directory, [note('b'), note('c')]);
    await appended(directory, [note('d')]);
    const { records } = await foundIn(directory);
    expect(notesOf(records)).toEqual(['a', 'b', 'c', 'd']);
    expect(records.map(({ n, w }) => [n, w])).toEqual([
      [0, 1],
      [1, 1],
      [2, 2],
      [3, 2],
      [4, 3],
    ]);
  });
});

describe('appends', () => {
  const names = Array.from({ length: 50 }, (_, k) => String(k));

  it('of one turn go to the disk together, in order, and are done once it has them', async () => {
    const directory = fs.mkdtempSync(path.join(root, 'run-'));
    const disk = new WatchedDisk();
    const journal = await Journal.open(directory, disk);
    const done: string[] = [];
    const appends = [HEADER, ...names.map(note)].map((record) =>
      journal.append(() => record).then(() => done.push(disk.calls.at(-1) ?? 'nothing')),
    );
    await Promise.all(appends);
    await journal.close();
    expect(disk.calls).toEqual([
      'open journal.jsonl',
      'truncate journal.jsonl',
      'sync directory',
      'write journal.jsonl',
      'sync journal.jsonl',
    ]);
    expect(done).toEqual(appends.map(() => 'sync journal.jsonl'));
    expect(notesOf((await foundIn(directory)).records)).toEqual(names);
  });

  it('during a write go out with the next one, and are waited for by close', async () => {
    const directory = fs.mkdtempSync(path.join(root, 'run-'));
    const disk = new WatchedDisk();
    const journal = await Journal.open(directory, disk);
    const [first, ...others] = names;
    let appends: Promise<void>[] = [];
    disk.before = async (call) => {
      if (call !== 'write journal.jsonl' || appends.length > 0) return;
      appends = others.map((name) => journal.append(() => note(name)));
    };
    await Promise.all([journal.append(() => HEADER), journal.append(() => note(first))]);
    await journal.close();
    await Promise.all(appends);
    expect(disk.calls.filter((call) => call === 'write journal.jsonl')).toHaveLength(2);
    expect(notesOf((await foundIn(directory)).records)).toEqual(names);
  });

  it('that can wait are written with the next one, by a flush, or when the journal is closed', async () => {
    const directory = await journalWith(root, 'a');
    const disk = new WatchedDisk();
    const journal = await Journal.open(directory, disk);
    const writes = () => disk.calls.filter((call) => call === 'write journal.jsonl').length;
    const waiting = [journal.append(() => note('b'), true)];
    await new Promise(setImmediate);
    expect(disk.calls).toEqual([]);
    await Promise.all([...waiting, journal.append(() => note('c'))]);
    expect(writes()).toBe(1);
    waiting.push(journal.append(() => note('d'), true));
    await journal.flush();
    expect(writes()).toBe(2);
    waiting.push(journal.append(() => note('e'), true));
    await journal.close();
    await Promise.all(waiting);
    expect(notesOf((await foundIn(directory)).records)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('all end with the same JournalError once the disk has refused one, and leave a journal that goes on', async () => {
    const directory = await journalWith(root, 'a');
    const disk = new WatchedDisk();
    const journal = await Journal.open(directory, disk);
    disk.before = async (call) => {
      if (call.startsWith('sync journal')) throw new Error('ENOSPC: no space left on device');
    };
    const [b, c] = [journal.append(() => note('b')), journal.append(() => note('c'))].map(failureOf);
    expect(await b).toBeInstanceOf(JournalError);
    expect((await b).message).toMatch(/cannot write .*journal\.jsonl \(ENOSPC.*can be resumed once/);
    disk.before = async () => {};
    expect(await failureOf(journal.append(() => note('d')))).toBe(await b);
    expect(await c).toBe(await b);
    await journal.close();
    await appended(directory, [note('e')]);
    const after = notesOf((await foundIn(directory)).records);
    expect([after[0], after.at(-1), after.includes('d')]).toEqual(['a', 'e', false]);
  });
});

describe('a last line that was not written whole', () => {
  it('is told of, left as it is by opening, and cut off by the first append', async () => {
    const directory = await journalWith(root, 'a', 'lost');
    const whole = linesIn(directory);
    const byte = whole[0].length + whole[1].length;
    fs.truncateSync(fileIn(directory), byte + 40);
    const before = fs.readFileSync(fileIn(directory));
    const journal = await Journal.open(directory, nodeDisk);
    expect(journal.found.torn).toEqual({ line: 3, byte, bytes: 40 });
    expect(journal.found.bytes).toBe(byte);
    expect(notesOf(journal.found.records)).toEqual(['a']);
    expect(fs.readFileSync(fileIn(directory))).toEqual(before);
    await journal.append(() => note('b'));
    await journal.close();
    expect(linesIn(directory).slice(0, 2)).toEqual(whole.slice(0, 2));
    expect(await foundIn(directory)).toMatchObject({ torn: null, records: [{ n: 0 }, { n: 1 }, { n: 2, w: 2 }] });
  });

  it('may be the header: the run had not begun', async () => {
    const directory = await journalWith(root);
    fs.truncateSync(fileIn(directory), 50);
    const journal = await Journal.open(directory, nodeDisk);
    expect(journal.found).toMatchObject({ records: [], torn: { line: 1, byte: 0, bytes: 50 } });
    expect(journal.header).toBeUndefined();
    await journal.append(() => HEADER);
    await journal.close();
    expect((await foundIn(directory)).records).toEqual([{ ...HEADER, n: 0, w: 1 }]);
  });

  it.each([
    ['zeros, as a file system leaves where it was to write', '\0'.repeat(4096)],
    ['a line of another program', 'restored by fsck\n'],
  ])('may be %s', async (_, more) => {
    const directory = await journalWith(root, 'a');
    fs.appendFileSync(fileIn(directory), more);
    expect(await foundIn(directory)).toMatchObject({ torn: { line: 3, bytes: more.length }, records: [{}, {}] });
  });
});

describe('a journal that cannot be', () => {
  let lines: string[];
  beforeAll(async () => {
    lines = linesIn(await journalWith(root, 'a', 'b', 'c'));
  });

  it('is refused without a header', async () => {
    expect(await refusal(lines.slice(1))).toMatch(
      /line 1 holds record 1 \(restart\) of process 1, which cannot follow/,
    );
    const headless = `${sealed({ ...note('a'), n: 0, w: 1 })}\n`;
    expect(await refusal([headless])).toMatch(/line 1 holds record 0 \(restart\)/);
  });

  it('is refused with a second header', async () => {
    const second = `${sealed({ ...HEADER, n: 1, w: 1 })}\n`;
    expect(await refusal([lines[0], second])).toMatch(/line 2 holds record 1 \(header\)/);
  });

  it('is refused where a line is missing, twice there, or in another place', async () => {
    const [head, a, b, c] = lines;
    expect(await refusal([head, a, c])).toMatch(/line 3 holds record 3 .*lines are missing, or two processes wrote/);
    expect(await refusal([head, a, a, b])).toMatch(/line 3 holds record 1 /);
    expect(await refusal([head, b, a, c])).toMatch(/line 2 holds record 2 /);
  });

  it('is refused where two processes wrote at once', async () => {
    const directory = await journalWith(root, 'a');
    const [one, other] = [await Journal.open(directory, nodeDisk), await Journal.open(directory, nodeDisk)];
    await one.append(() => note('of one'));
    await other.append(() => note('b'));
    await one.append(() => note('of one again'));
    await one.append(() => note('and again'));
    await Promise.all([one.close(), other.close()]);
    await expect(foundIn(directory)).rejects.toThrow(JournalError);
    const earlier = `${sealed({ ...note('late'), n: 4, w: 1 })}\n`;
    const later = `${sealed({ ...note('d'), n: 3, w: 2 })}\n`;
    expect(await refusal([...lines.slice(0, 3), later, earlier])).toMatch(/line 5 holds record 4 .* of process 1/);
  });

  it('is refused with another schema, and says which it knows', async () => {
    const next = `${sealed({ ...HEADER, schema: 2, n: 0, w: 1 })}\n`;
    expect(await refusal([next])).toMatch(/line 1 is whole, but no record of journal schema 1: .*another version/);
  });

  it.each([
    ['a kind that is not known', { kind: 'promise' }],
    ['a field that is not known', { kind: 'restart', reason: 'a', more: 1 }],
    ['a field of another type', { kind: 'restart', reason: 7 }],
    ['a number below 0', { kind: 'result', c: -1 }],
  ])('is refused with a whole line of %s', async (_, record) => {
    const line = `${sealed({ ...record, n: 1, w: 1 })}\n`;
    expect(await refusal([lines[0], line])).toMatch(/line 2 is whole, but no record of journal schema 1/);
  });

  it('is refused with damage above its last line, by line and byte', async () => {
    const [head, a, b] = lines;
    const damaged = a.replace('"a"', '"x"');
    expect(await refusal([head, damaged, b])).toMatch(
      new RegExp(
        `is damaged in line 2, at byte ${head.length}: its checksum is wrong, and further lines follow; restore`,
      ),
    );
  });
});
