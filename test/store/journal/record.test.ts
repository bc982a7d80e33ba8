import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { decodeLine, encodeLine } from '../../../src/store/journal/record';
import { ARBITRARY_RECORDS } from './arbitrary-records';

describe('a record', () => {
  it.each(Object.entries(ARBITRARY_RECORDS))('comes back from its line as it was: %s', (_, records) => {
    fc.assert(
      fc.property(records, (record) => {
        const line = encodeLine(record);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        const back = decodeLine(Buffer.from(line.slice(0, -1)));
        return isDeepStrictEqual(back, record);
      }),
      { numRuns: 300 },
    );
  });
});
