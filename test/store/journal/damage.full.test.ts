import path from 'node:path';
import { atLength } from '../../soak';
import { RealJournal } from './damage';

/** Bits between two that are changed: no factor of 8, so that each of a byte's has its turn. */
const STRIDE = atLength(331, 41);

it('a whole real journal cut to any length at all is the run up to there', () => {
  const journal = new RealJournal(path.join('0.1.0', 'dsp-tt'));
  for (let length = 0; length <= journal.bytes.length; length += 1) journal.readCut(length);
});

it.each(['dsp-tt', 'fge', 'swa'])(
  'a whole real journal with a bit changed anywhere loses its last line, or is refused: %s',
  (run) => {
    const journal = new RealJournal(path.join('0.1.0', run));
    for (let bit = 0; bit < 8 * journal.bytes.length; bit += STRIDE) journal.readFlipped(bit);
  },
);
