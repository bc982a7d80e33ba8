import path from 'node:path';
import { atLength } from '../../soak';
import { RealJournal } from './damage';

/** Bits between two that are changed: no factor of 8, so that each of a byte's has its turn. */
const STRIDE = atLength(331, 41);
/** Bytes between two lengths to which a journal is cut away from the ends of its lines. */
const CUT = atLength(29, 1);

it('a whole real journal cut to a length anywhere is the run up to there', () => {
  const journal = new RealJournal(path.join('0.1.0', 'dsp-tt'));
  const ends = journal.starts.flatMap((start) => [start - 1, start, start + 1]).filter((length) => length >= 0);
  for (const length of ends) journal.readCut(length);
  for (let length = 0; length <= journal.bytes.length; length += CUT) journal.readCut(length);
});

it.each(['dsp-tt', 'fge', 'swa'])(
  'a whole real journal with a bit changed anywhere loses its last line, or is refused: %s',
  (run) => {
    const journal = new RealJournal(path.join('0.1.0', run));
    for (let bit = 0; bit < 8 * journal.bytes.length; bit += STRIDE) journal.readFlipped(bit);
  },
);
