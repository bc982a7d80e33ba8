import fc from 'fast-check';
import { answerIn } from '../../../src/bridge/workers/answer';

const noise = fc.string({ unit: fc.constantFrom('a', '{', '}', '"', '1', ' ', '\n') });

describe('the answer of a Python program', () => {
  it('is found in whatever is printed before and after it', () => {
    fc.assert(
      fc.property(noise, fc.jsonValue(), noise, (before, value, after) => {
        const printed = `${before}\ndsptt answers: ${JSON.stringify(value)}\n${after}`;
        expect(answerIn(printed)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is none where nothing stands after the mark, or no JSON', () => {
    for (const printed of ['', '{"version": [3, 11, 7]}', 'dsptt answers: ', 'dsptt answers: {"version"']) {
      expect(answerIn(printed)).toBeUndefined();
    }
  });
});
