import { JournalError } from '../../../src/errors';
import { History } from '../../../src/run/durable/history';
import type { JournalRecord } from '../../../src/store/journal/record';
import { keptRun, keptRuns, recordsOf } from '../../journals/kept';

const digest = 'd'.repeat(64);
let records: JournalRecord[];
beforeEach(() => {
  records = [];
});
const place = (w: number) => ({ n: records.length, w });
const command = (c: number, w = 1) =>
  records.push({ ...place(w), kind: 'command', c, op: 'drop', args: {}, tensors: {} });
const result = (c: number, t = 0, w = 1) =>
  records.push({ ...place(w), kind: 'result', c, t, digest, fields: {}, tensors: {} });

describe('a history', () => {
  it('of nothing has no commands, and took no time', () => {
    expect(new History([])).toMatchObject({ commands: 0, answered: 0, seconds: 0 });
  });

  it('has the commands that were given, and their results as far as it got', () => {
    for (const c of [0, 1, 2]) command(c);
    result(0, 1);
    result(1, 3);
    const history = new History(records);
    expect(history).toMatchObject({ commands: 3, answered: 2, seconds: 3 });
    expect(history.command(2)).toBe(records[2]);
    expect(history.result(1)).toBe(records[4]);
    expect([history.command(3), history.result(2)]).toEqual([undefined, undefined]);
  });

  it('knows the state of the run up to the first command without a result, whatever came after', () => {
    for (const c of [0, 1, 2, 3]) command(c);
    for (const c of [0, 2, 3]) result(c);
    expect(new History(records).answered).toBe(1);
  });

  it('adds up the seconds of its processes, each up to its last result', () => {
    for (const c of [0, 1, 2, 3]) command(c);
    result(0, 10);
    result(1, 12, 1);
    result(2, 3, 2);
    result(3, 5, 4);
    const history = new History(records);
    expect([0, 1, 2, 3, 4].map((c) => history.secondsAt(c))).toEqual([10, 12, 15, 20, 0]);
    expect(history.seconds).toBe(20);
  });

  it.each([
    ['a command is missing', () => [command(0), command(2)]],
    ['a command comes twice', () => [command(0), command(0)]],
    ['a result has no command before it', () => [command(0), result(1), command(1)]],
    ['a command has two results', () => [command(0), result(0), result(0)]],
  ])('is refused where %s, by the record', (_, make) => {
    make();
    const refused = () => new History(records);
    expect(refused).toThrow(JournalError);
    expect(refused).toThrow(
      /^record [12] of the journal is (command|the result of command) [012], which cannot follow/,
    );
  });

  it.each(keptRuns())('of the first records of a run is the first part of its history: %s', (run) => {
    const all = recordsOf(keptRun(run));
    const whole = new History(all);
    for (let count = 0; count <= all.length; count += 1) {
      const part = new History(all.slice(0, count));
      expect(part.commands).toBeLessThanOrEqual(whole.commands);
      expect(part.answered).toBeLessThanOrEqual(part.commands);
      const upTo = (length: number) => [...Array(length).keys()];
      expect(upTo(part.commands).filter((c) => part.command(c) !== whole.command(c))).toEqual([]);
      expect(upTo(part.answered).filter((c) => part.result(c) !== whole.result(c))).toEqual([]);
      expect(upTo(part.answered).filter((c) => part.secondsAt(c) !== whole.secondsAt(c))).toEqual([]);
      expect(part.seconds).toBeLessThanOrEqual(whole.seconds);
    }
  });
});
