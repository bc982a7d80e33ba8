import fs from 'node:fs';
import path from 'node:path';
import { JournalError } from '../../../src/errors';
import { encodeLine, type JournalRecord } from '../../../src/store/journal/record';
import { JournalTail } from '../../../src/store/journal/tail';
import { failureOf, temporaryDirectory } from '../../builders';
import { journalOf, keptRun, recordsOf } from '../../journals/kept';

const RUN = keptRun(path.join('0.1.0', 'dsp-tt'));
const root = temporaryDirectory();

/** A directory whose journal a test writes. */
function fresh(): string {
  return fs.mkdtempSync(path.join(root, 'run-'));
}

async function read(tail: JournalTail): Promise<JournalRecord[]> {
  const all: JournalRecord[] = [];
  for await (const records of tail.read()) all.push(...records);
  return all;
}

describe('the tail of a journal', () => {
  const bytes = fs.readFileSync(journalOf(RUN));
  const records = recordsOf(RUN);

  it('has nothing where there is no journal yet', async () => {
    expect(await read(new JournalTail(fresh()))).toEqual([]);
  });

  it.each([1, 7, 100, 5000])('has every record once, however the file grows: by %i bytes', async (step) => {
    const directory = fresh();
    const tail = new JournalTail(directory);
    const seen: JournalRecord[] = [];
    const end = Math.min(bytes.length, 60 * step + 2000);
    for (let at = 0; at < end; at += step) {
      fs.appendFileSync(journalOf(directory), bytes.subarray(at, Math.min(at + step, end)));
      seen.push(...(await read(tail)));
    }
    const whole = bytes.subarray(0, end).toString('utf8').split('\n').length - 1;
    expect(seen).toEqual(records.slice(0, whole));
    expect(tail.records).toEqual(seen);
  });

  it('reads no byte twice', async () => {
    const directory = fresh();
    const half = bytes.indexOf('\n', bytes.length / 2) + 1;
    fs.writeFileSync(journalOf(directory), bytes.subarray(0, half));
    const tail = new JournalTail(directory);
    const before = (await read(tail)).length;
    const handle = fs.openSync(journalOf(directory), 'r+');
    fs.writeSync(handle, Buffer.alloc(half, 'x'), 0, half, 0); // damage there is no business of what is new
    fs.writeSync(handle, bytes, half, bytes.length - half, half);
    fs.closeSync(handle);
    expect(await read(tail)).toEqual(records.slice(before));
  });

  it('waits for a torn last line, and takes what a resumed run has written in its place', async () => {
    const directory = fresh();
    const whole = records.slice(0, 5).map(encodeLine).join('');
    fs.writeFileSync(journalOf(directory), `${whole}${encodeLine(records[5]).slice(0, -20)}`);
    const tail = new JournalTail(directory);
    expect(await read(tail)).toHaveLength(5);
    const restart: JournalRecord = { kind: 'restart', n: 5, w: 2, reason: 'test' };
    fs.writeFileSync(journalOf(directory), `${whole}${encodeLine(restart)}`);
    expect(await read(tail)).toEqual([restart]);
  });

  it('takes lines that are longer than what it reads at a time', async () => {
    const directory = fresh();
    const long: JournalRecord = { kind: 'restart', n: 1, w: 1, reason: 'x'.repeat(1_000_000) };
    fs.writeFileSync(journalOf(directory), [records[0], long, { ...records[1], n: 2 }].map(encodeLine).join(''));
    expect(await read(new JournalTail(directory))).toHaveLength(3);
  });

  it('says where a journal is damaged', async () => {
    const directory = fresh();
    const tail = new JournalTail(directory);
    const lines = records.slice(0, 4).map(encodeLine);
    fs.writeFileSync(journalOf(directory), lines.slice(0, 2).join(''));
    await read(tail);
    fs.appendFileSync(journalOf(directory), `${lines[2].replace('"', "'")}${lines[3]}`);
    const error = await failureOf(read(tail));
    expect(error).toBeInstanceOf(JournalError);
    expect(error.message).toContain(`damaged in line 3, at byte ${lines[0].length + lines[1].length}`);
  });

  it('says that a run was removed, and another one begun in its place', async () => {
    const directory = fresh();
    fs.writeFileSync(journalOf(directory), bytes);
    const tail = new JournalTail(directory);
    await read(tail);
    fs.rmSync(journalOf(directory));
    fs.writeFileSync(journalOf(directory), bytes.subarray(0, 1000));
    expect((await failureOf(read(tail))).message).toMatch(/was replaced by another journal/);
  });
});
