import path from 'node:path';
import fc from 'fast-check';
import { JournalError } from '../../../src/errors';
import { RealJournal } from './damage';

const DSP_TT = path.join('0.1.0', 'dsp-tt');

describe('a real journal', () => {
  it('cut to any length of its first lines is the run up to there', () => {
    const journal = new RealJournal(DSP_TT, 8);
    for (let length = 0; length <= journal.bytes.length; length += 1) journal.readCut(length);
  });

  it.each(['dsp-tt', 'fge', 'swa'])('cut to any length of its last line is the run up to there: %s', (name) => {
    const journal = new RealJournal(path.join('0.1.0', name));
    for (let length = journal.starts.at(-1) ?? 0; length <= journal.bytes.length; length += 1) journal.readCut(length);
  });

  it('of about 2 kB with any one of its bits changed loses its last line, or is refused by line and byte', () => {
    const journal = new RealJournal(DSP_TT, 7);
    expect(journal.bytes.length).toBeGreaterThan(2000);
    const outcomes = { lost: 0, refused: 0 };
    for (let bit = 0; bit < 8 * journal.bytes.length; bit += 1) outcomes[journal.readFlipped(bit)] += 1;
    expect(outcomes.lost + outcomes.refused).toBe(8 * journal.bytes.length);
    for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(1000);
  });

  it('with anything written over it is refused, or the run up to there', () => {
    const journal = new RealJournal(DSP_TT, 20);
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 400 }),
      fc.nat(4096).map((length) => new Uint8Array(length)),
    );
    fc.assert(
      fc.property(fc.nat(journal.bytes.length - 1), bytes, (at, written) => {
        const damaged = Buffer.from(journal.bytes);
        damaged.set(written.subarray(0, damaged.length - at), at);
        journal.read(damaged);
      }),
      { numRuns: 1000 },
    );
  });

  it('with lines taken out, doubled or put elsewhere is refused, or the run up to there', () => {
    const journal = new RealJournal(DSP_TT, 20);
    const lines = journal.starts.map((start, k) => journal.bytes.subarray(start, journal.starts[k + 1]));
    fc.assert(
      fc.property(fc.array(fc.nat(lines.length - 1), { maxLength: 30 }), (order) => {
        const read = journal.read(Buffer.concat(order.map((k) => lines[k])));
        expect(read instanceof JournalError).toBe(order.some((k, place) => k !== place));
      }),
      { numRuns: 500 },
    );
    for (let gone = 0; gone < lines.length - 1; gone += 1) {
      const read = journal.read(Buffer.concat(lines.filter((_, k) => k !== gone)));
      expect(read).toBeInstanceOf(JournalError);
    }
  });
});
