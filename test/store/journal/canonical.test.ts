import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { canonical, sealed, unsealed } from '../../../src/store/journal/canonical';

/** Keys that a reader could take for something else. */
const ODD_KEYS = ['__proto__', 'constructor', 'toString', '$number', '$$number', '$$$number', 'sum', 'kind', '', '7'];
const key = fc.oneof(fc.constantFrom(...ODD_KEYS), fc.string({ unit: 'binary' }));
const number = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -0, 0, Infinity, -Infinity, 5e-324, 2 ** 53 + 2));
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('NaN', '-0', '\ud800', '\u2028', '"}\n'));
const objectOf = (value: fc.Arbitrary<unknown>) =>
  fc.array(fc.tuple(key, value), { maxLength: 5 }).map((entries) => Object.fromEntries(entries));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 5, withCrossShrink: true }, number, text, fc.boolean(), fc.constant(null), tie('many')),
  many: fc.oneof(fc.array(tie('value'), { maxLength: 5 }), objectOf(tie('value'))),
}));
const object = objectOf(value).filter((one) => Object.keys(one).length > 0);

describe('a sealed object', () => {
  it('comes back as it was, whatever its keys and numbers are', () => {
    fc.assert(
      fc.property(object, (one) => isDeepStrictEqual(unsealed(Buffer.from(sealed(one))), one)),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a number that JSON lacks', { loss: Number.NaN, rise: -Infinity, zero: -0 }],
    ["a user's key that is our own word for such a number", { args: { $number: '3' } }],
    ['that word with a number', { args: { $number: 3 } }],
    ['that word beside other keys', { args: { $number: 'NaN', $$number: -0, other: null } }],
    ['that word within itself', { $number: { $number: { $$number: Number.NaN } } }],
    ['a key that would be a prototype', JSON.parse('{"args": {"__proto__": {"polluted": true}}}')],
  ])('keeps %s', (_, one: object) => {
    const back = unsealed(Buffer.from(sealed(one)));
    expect({ back, isSame: isDeepStrictEqual(back, one) }).toMatchObject({ isSame: true });
  });

  it('is one line, whatever its texts hold', () => {
    fc.assert(fc.property(object, (one) => !sealed(one).includes('\n')));
  });

  it('is null when any one of its bits has changed', () => {
    fc.assert(
      fc.property(object, fc.nat(), (one, place) => {
        const bytes = Buffer.from(sealed(one));
        const bit = place % (8 * bytes.length);
        bytes[bit >> 3] ^= 1 << (bit & 7);
        expect(unsealed(bytes)).toBeNull();
      }),
      { numRuns: 2000 },
    );
    const bytes = Buffer.from(sealed({ kind: 'point', loss: [0.5, Number.NaN], name: 'tier1-2 · é' }));
    for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
      bytes[bit >> 3] ^= 1 << (bit & 7);
      expect(unsealed(bytes)).toBeNull();
      bytes[bit >> 3] ^= 1 << (bit & 7);
    }
    expect(unsealed(bytes)).not.toBeNull();
  });

  it('is null when it was cut short, is followed by something, or was never one', () => {
    const bytes = Buffer.from(sealed({ kind: 'path', norm: 0.25 }));
    for (let length = 0; length < bytes.length; length += 1) expect(unsealed(bytes.subarray(0, length))).toBeNull();
    for (const more of [' ', '\n', '\r', '\0']) expect(unsealed(Buffer.concat([bytes, Buffer.from(more)]))).toBeNull();
    fc.assert(fc.property(fc.uint8Array(), (some) => unsealed(Buffer.from(some)) === null));
  });
});

describe('canonical JSON', () => {
  it('is the same for the same values, in whatever order their keys stand', () => {
    fc.assert(
      fc.property(objectOf(value), (one) => {
        const reversed = Object.fromEntries(Object.entries(one).reverse());
        expect(canonical(reversed)).toBe(canonical(one));
      }),
    );
  });

  it('differs where values do, also where JSON would not', () => {
    const different = [
      0,
      -0,
      Number.NaN,
      Infinity,
      -Infinity,
      null,
      'NaN',
      '-0',
      { $number: 'NaN' },
      { $$number: 'NaN' },
    ];
    expect(new Set(different.map(canonical)).size).toBe(different.length);
  });

  it('leaves out what is undefined, as messages do', () => {
    expect(canonical({ a: 1, b: undefined })).toBe(canonical({ a: 1 }));
  });
});
