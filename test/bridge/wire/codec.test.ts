import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { decodeAnswer, decodeHeader } from '../../../src/bridge/wire/codec';
import { type Dtype, LIMITS } from '../../../src/bridge/wire/operation';
import type { Answer, Op } from '../../../src/bridge/wire/protocol';
import { ProtocolError } from '../../../src/errors';

interface Spec {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}
const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const reply = (tensors: readonly Spec[], frames: readonly Uint8Array[], result: unknown = {}) => [
  encode({ status: 'ok', id: 1, sender: 's', result, tensors }),
  ...frames,
];
/** The frame of one f4 element. */
const four = new Uint8Array(4);
const NONE_CAPTURED = { name: 'captured', dtype: 'f4', shape: [0, 9] };
const losses = (length: number, over: Partial<Spec> = {}) => [{ name: 'loss', dtype: 'f4', shape: [length], ...over }];

function decoded<O extends Op>(op: O, frames: readonly Uint8Array[]): Answer<O> {
  const header = decodeHeader(frames);
  if (header.status !== 'ok') throw new Error('not an answer');
  return decodeAnswer(op, header, frames);
}

const descent = (tensors: readonly Spec[], frames: readonly Uint8Array[]) =>
  decoded('descend', reply([...tensors, NONE_CAPTURED], [...frames, new Uint8Array(0)], { finite: true }));

/** Runs it and passes over a ProtocolError; any other error comes through. */
function orProtocolError(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}

/** Decodes a tensor of each dtype that answers bring. */
const DECODERS: Record<Exclude<Dtype, 'i4'>, (array: ArrayBufferView, length: number) => ArrayBufferView> = {
  f4: (array, length) => descent(losses(length), [bytesOf(array)]).loss,
  f8: (array, length) => decoded('segment', reply(losses(length, { dtype: 'f8' }), [bytesOf(array)])).loss,
  u1: (array, length) =>
    decoded('savePoint', reply([{ name: 'file', dtype: 'u1', shape: [length] }], [bytesOf(array)])).file,
};

describe('an answer', () => {
  it.each<[keyof typeof DECODERS, fc.Arbitrary<Float32Array | Float64Array | Uint8Array>]>([
    ['f4', fc.float32Array()],
    ['f8', fc.float64Array()],
    ['u1', fc.uint8Array()],
  ])('brings a tensor of %s as it was sent, without a copy', (dtype, arrays) => {
    fc.assert(
      fc.property(arrays, (array) => {
        const got = DECODERS[dtype](array, array.length);
        expect(got).toEqual(array);
        expect(got.buffer).toBe(array.buffer);
      }),
    );
  });

  it('brings a tensor right wherever it lies in its memory, also where its type must not', () => {
    fc.assert(
      fc.property(fc.float64Array({ minLength: 1 }), fc.integer({ min: 1, max: 16 }), (array, offset) => {
        const moved = new Uint8Array(new ArrayBuffer(array.byteLength + 16), offset, array.byteLength);
        moved.set(bytesOf(array));
        expect(DECODERS.f8(moved, array.length)).toEqual(array);
      }),
    );
  });

  it('brings its fields, and tensors of any number of dimensions flat', () => {
    const outputs = Float32Array.of(1, 2, 3, 4, 5, 6);
    const tensors = [{ name: 'outputs', dtype: 'f4', shape: [2, 3] }];
    const got = decoded('evaluate', reply(tensors, [bytesOf(outputs)], { loss: 0.5, errorPct: 2 }));
    expect(got).toEqual({ loss: 0.5, errorPct: 2, outputs });
  });

  it('brings an error of null where a number is predicted, and no error that is missing', () => {
    const tensors = [{ name: 'outputs', dtype: 'f4', shape: [0, 1] }];
    const answered = (result: unknown) => decoded('evaluate', reply(tensors, [new Uint8Array(0)], result));
    expect(answered({ loss: 0.5, errorPct: null })).toMatchObject({ loss: 0.5, errorPct: null });
    expect(() => answered({ loss: 0.5 })).toThrow(/errorPct/);
  });

  it('brings a loss of NaN or infinity: the network has diverged, the protocol is not broken', () => {
    for (const loss of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(decoded('probe', reply([], [], { loss, deviation: 0 }))).toEqual({ loss, deviation: 0 });
    }
  });

  it('brings several tensors by name, in any order', () => {
    const specs = ['cosine', 'loss', 'captured', 'norm'].map((name, k) => ({
      name,
      dtype: name === 'cosine' ? 'f8' : 'f4',
      shape: [k],
    }));
    const frames = [new Float64Array(0), Float32Array.of(1), Float32Array.of(2, 3), Float32Array.of(4, 5, 6)];
    const { loss, norm, cosine, captured } = decoded('search', reply(specs, frames.map(bytesOf)));
    expect([cosine, loss, captured, norm]).toEqual(frames);
  });

  it.each<[string, readonly Spec[], readonly Uint8Array[]]>([
    ['no tensor', [], []],
    ['a tensor of another name', losses(1, { name: 'norm' }), [four]],
    ['a tensor of another type', losses(1, { dtype: 'i4' }), [four]],
    ['a tensor too many', [...losses(1), { name: 'norm', dtype: 'f4', shape: [1] }], [four, four]],
    ['the same tensor twice', [...losses(1), ...losses(1)], [four, four]],
    ['a frame too short', losses(2), [four]],
    ['a frame too long', losses(0), [four]],
    ['no frame for a tensor', losses(1), []],
    ['a shape that overflows', losses(1, { shape: [2 ** 31, 2 ** 31, 0] }), [new Uint8Array(0)]],
    ['a dimension beyond the limit', losses(1, { shape: [2 ** 31 + 1, 0] }), [new Uint8Array(0)]],
    ['a negative shape', losses(1, { shape: [-1, -1] }), [four]],
  ])('with %s breaks the protocol', (_what, tensors, frames) => {
    expect(() => descent(tensors, frames)).toThrow(ProtocolError);
  });

  it('with a frame that no tensor speaks of breaks the protocol', () => {
    expect(() => descent(losses(1), [four, four])).toThrow(ProtocolError);
  });

  it('with one tensor twice in place of another breaks the protocol', () => {
    const f4 = (name: string) => ({ name, dtype: 'f4', shape: [1] });
    const tensors = [f4('loss'), f4('loss'), f4('captured'), { name: 'cosine', dtype: 'f8', shape: [0] }];
    expect(() => decoded('search', reply(tensors, [four, four, four, new Uint8Array(0)]))).toThrow(ProtocolError);
  });

  it('with a wrong or missing field breaks the protocol, naming operation and field', () => {
    expect(() => decoded('probe', reply([], [], { loss: 'x' }))).toThrow(ProtocolError);
    expect(() => decoded('probe', reply([], [], {}))).toThrow(/probe: [\s\S]*loss/);
  });
});

describe('a header', () => {
  it('of an error brings code, message and traceback', () => {
    const error = { code: 'data', message: 'm', traceback: null };
    expect(decodeHeader([encode({ status: 'error', id: 3, sender: 's', error })])).toMatchObject({ id: 3, error });
  });

  const good = { status: 'ok', id: 1, sender: 's', result: {}, tensors: [] };
  it.each<[string, readonly Uint8Array[]]>([
    ['without a frame', []],
    ['with too many frames', [encode(good), ...Array.from({ length: LIMITS.frames + 1 }, () => new Uint8Array(0))]],
    ['that is too long', [encode({ ...good, result: { x: 'x'.repeat(LIMITS.headerBytes) } })]],
    ['that is no msgpack', [Uint8Array.of(0xc1)]],
    ['with bytes after its end', [Uint8Array.of(...encode(good), 0)]],
    ['with an unknown status', [encode({ ...good, status: 'maybe' })]],
    ['with an unknown key', [encode({ ...good, more: 1 })]],
    ['with a fractional id', [encode({ ...good, id: 1.5 })]],
    ['with too many dimensions', [encode({ ...good, tensors: losses(1, { shape: new Array(9).fill(1) }) })]],
    ['with an unknown error code', [encode({ status: 'error', id: 1, sender: 's', error: { code: 'x' } })]],
  ])('%s breaks the protocol', (_what, frames) => {
    expect(() => decodeHeader(frames)).toThrow(ProtocolError);
  });

  it('takes as many frames as the limit says', () => {
    const frames = [encode(good), ...Array.from({ length: LIMITS.frames }, () => new Uint8Array(0))];
    expect(decodeHeader(frames)).toMatchObject({ id: 1 });
  });

  it('that claims long arrays and brings none of their elements costs no memory', () => {
    const claim = [0xdd, 0x01, 0xff, 0xff, 0xff]; // an array of 2^25 - 1 elements
    const before = process.memoryUsage().rss;
    expect(() => decodeHeader([Uint8Array.of(...claim, ...claim)])).toThrow(ProtocolError);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27);
  });

  it('that claims long arrays within each other costs neither memory nor time', () => {
    const claims = Array.from({ length: 200_000 }, () => [0xdd, 0x00, 0x0f, 0xff, 0xf0]).flat(); // a million elements each
    const before = process.memoryUsage().rss;
    expect(() => decodeHeader([Uint8Array.from(claims)])).toThrow(ProtocolError);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27);
  });

  it('with more wrong values than one can count breaks the protocol in a few words', () => {
    const manyWrong = { ...good, result: { models: new Array(60_000).fill(1), matching: 1 } };
    expect(() => decoded('models', [encode(manyWrong)])).toThrow(/59995 more$/);
    const manyKeys = Object.fromEntries(Array.from({ length: 10_000 }, (_, k) => [`surplus${k}`, 1]));
    const refused = () => decodeHeader([encode({ ...good, ...manyKeys })]);
    expect(refused).toThrow(/Unrecognized keys/);
    expect(refused).not.toThrow(/surplus9999/);
  });

  it('may have containers within each other up to the limit, and no deeper', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
    const around = 2; // the header and its result
    const header = (depth: number) => [encode({ ...good, result: { x: nested(depth) } })];
    expect(decodeHeader(header(LIMITS.headerDepth - around))).toMatchObject({ id: 1 });
    expect(() => decodeHeader(header(LIMITS.headerDepth - around + 1))).toThrow(/at most 32 containers/);
  });

  it('of any bytes at all is decoded or breaks the protocol', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 3 }), (frames) =>
        orProtocolError(() => decodeHeader(frames)),
      ),
      { numRuns: 2000 },
    );
  });

  it('and answer of a damaged reply are decoded or break the protocol', () => {
    const [intact, ...frames] = reply([...losses(1), NONE_CAPTURED], [four, new Uint8Array(0)], { finite: true });
    const damage = fc.record({ at: fc.nat(intact.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        const header = intact.slice();
        for (const { at, to } of damages) header[at] = to;
        orProtocolError(() => {
          const got = decodeHeader([header, ...frames]);
          if (got.status === 'ok') decodeAnswer('descend', got, [header, ...frames]);
        });
      }),
      { numRuns: 2000 },
    );
  });
});
