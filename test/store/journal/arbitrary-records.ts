import fc from 'fast-check';
import type { JournalRecord } from '../../../src/store/journal/record';

/** Of plain objects, as JSON makes them. */
const record = <T>(model: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { noNullPrototype: true });
const count = fc.nat();
const positive = fc.integer({ min: 1, max: 2 ** 40 });
const text = fc.string({ unit: 'binary' });
const name = text.filter((key) => key !== '__proto__'); // no operation has a field of that name
const sha256 = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
const versions = fc.dictionary(name, text, { noNullPrototype: true });
const dtype = fc.constantFrom('f4' as const, 'f8' as const, 'i4' as const, 'u1' as const);
const arrayRef = fc.oneof(
  record({ dtype, length: count, inline: fc.base64String() }),
  record({ dtype, length: count, offset: count, sha256 }),
);
/** Plain values, also numbers that JSON lacks, and keys that stand for them. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.double(), text, fc.boolean(), fc.constant(null), tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(fc.oneof(text, fc.constant('$number')), tie('value'), { maxKeys: 3, noNullPrototype: true }),
}));
const fields = fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true });
const place = { n: count, w: positive };
const arrayRefs = fc.dictionary(name, arrayRef, { maxKeys: 3, noNullPrototype: true });
const keptArrays = fc.option(arrayRefs, { nil: null });
const tensor = record({ dtype, length: count, sha256 });

/** Records of every kind, one an arbitrary. */
export const ARBITRARY_RECORDS: { readonly [K in JournalRecord['kind']]: fc.Arbitrary<JournalRecord> } = {
  header: record({
    ...place,
    kind: fc.constant('header'),
    schema: fc.constant(1),
    flags: fc.array(positive),
    config: sha256,
    chunk: positive,
    versions,
    tier0: fc.oneof(fc.constant(null), fc.constant('model' as const), record({ source: text, sha256 })),
  }),
  incarnation: record({ ...place, kind: fc.constant('incarnation'), pid: count, versions }),
  command: record({
    ...place,
    kind: fc.constant('command'),
    c: count,
    op: text,
    args: fields,
    tensors: fc.dictionary(name, tensor, { maxKeys: 3, noNullPrototype: true }),
  }),
  result: record({
    ...place,
    kind: fc.constant('result'),
    c: count,
    t: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    digest: sha256,
    fields,
    tensors: keptArrays,
  }),
  restart: record({ ...place, kind: fc.constant('restart'), reason: text }),
};
