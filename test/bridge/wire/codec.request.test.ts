import { decode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { encodeRequest } from '../../../src/bridge/wire/codec';
import { LIMITS } from '../../../src/bridge/wire/operation';
import { ProtocolError } from '../../../src/errors';
import { OPEN_WINE, SGD } from '../requests';

const searchArgs = {
  paths: ['tier1-1'],
  stream: 'data',
  start: 0,
  solver: SGD,
  capture: [],
  cosines: true,
  path: new Int32Array(1),
  growth: new Float64Array(1),
  rho2: new Float64Array(1),
};

describe('a request', () => {
  it('has a header with operation, id, sender, fields and tensors', () => {
    const [header, ...frames] = encodeRequest(7, 'me', 'segment', {
      source: 'a',
      target: 'b',
      stream: 's',
      positions: Float64Array.of(0, 1),
    });
    expect(decode(header)).toEqual({
      op: 'segment',
      id: 7,
      sender: 'me',
      source: 'a',
      target: 'b',
      stream: 's',
      tensors: [{ name: 'positions', dtype: 'f8', shape: [2] }],
    });
    expect(frames).toHaveLength(1);
  });

  it('brings its tensors as raw bytes, in the order of the header', () => {
    fc.assert(
      fc.property(fc.int32Array(), fc.float64Array(), fc.float64Array(), (path, growth, rho2) => {
        const [header, ...frames] = encodeRequest(1, 'me', 'search', { ...searchArgs, path, growth, rho2 });
        expect(decode(header)).toMatchObject({
          tensors: [
            { name: 'path', dtype: 'i4', shape: [path.length] },
            { name: 'growth', dtype: 'f8', shape: [growth.length] },
            { name: 'rho2', dtype: 'f8', shape: [rho2.length] },
          ],
        });
        expect(new Int32Array(frames[0].slice().buffer)).toEqual(path);
        expect(new Float64Array(frames[1].slice().buffer)).toEqual(growth);
        expect(new Float64Array(frames[2].slice().buffer)).toEqual(rho2);
      }),
    );
  });

  it('sends a part of an array, not the memory around it', () => {
    const [, frame] = encodeRequest(1, 'me', 'loadPoint', {
      point: 'p',
      file: Uint8Array.of(1, 2, 3, 4).subarray(1, 3),
    });
    expect([...frame]).toEqual([2, 3]);
  });

  it('takes a Node buffer for bytes', () => {
    const [header] = encodeRequest(1, 'me', 'loadPoint', { point: 'p', file: Buffer.from([1, 2]) });
    expect(decode(header)).toMatchObject({ tensors: [{ name: 'file', dtype: 'u1', shape: [2] }] });
  });

  it.each<[string, () => Uint8Array[]]>([
    ['an empty name', () => encodeRequest(1, 'me', 'newPoint', { point: '', stream: 's' })],
    ['a name that is too long', () => encodeRequest(1, 'me', 'newPoint', { point: 'x'.repeat(201), stream: 's' })],
    ['a negative start', () => encodeRequest(1, 'me', 'search', { ...searchArgs, start: -1 })],
    ['a factor of NaN', () => encodeRequest(1, 'me', 'pointFromPath', { point: 'p', path: 'q', factor: Number.NaN })],
    [
      'a field that is none',
      () => encodeRequest(1, 'me', 'newPoint', Object.assign({ x: 1 }, { point: 'p', stream: 's' })),
    ],
    [
      'a tensor that is none',
      () => encodeRequest(1, 'me', 'search', Object.assign({ lr: new Float64Array(1) }, searchArgs)),
    ],
    ['an empty batch count', () => encodeRequest(1, 'me', 'probe', { point: 'p', stream: 's', batches: 0 })],
  ])('with %s breaks the protocol', (_what, encoded) => {
    expect(encoded).toThrow(ProtocolError);
  });

  const open = (args: Record<string, unknown>) =>
    encodeRequest(1, 'me', 'open', { ...OPEN_WINE, model: { ...OPEN_WINE.model, args } });
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

  it('with containers within each other up to the limit is sent, deeper ones break the protocol', () => {
    const around = 3; // the header, the model and its arguments
    expect(open({ x: nested(LIMITS.headerDepth - around) })).toHaveLength(1);
    expect(() => open({ x: nested(LIMITS.headerDepth - around + 1) })).toThrow(/at most 32 containers/);
  });

  it('with a value that is no data breaks the protocol', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    for (const x of [circle, () => 1, Symbol('x')]) expect(() => open({ x })).toThrow(ProtocolError);
  });

  it('with a header beyond the limit breaks the protocol before it is sent', () => {
    const metadata = { x: 'x'.repeat(LIMITS.headerBytes) };
    const encoded = () => encodeRequest(1, 'me', 'savePoint', { point: 'p', metadata });
    expect(encoded).toThrow(/header must have at most 1048576/);
  });

  it('with more threads or batches than any machine has breaks the protocol', () => {
    expect(() => encodeRequest(1, 'me', 'open', { ...OPEN_WINE, threads: 1025 })).toThrow(/threads/);
    expect(() => encodeRequest(1, 'me', 'probe', { point: 'p', stream: 's', batches: 1_000_001 })).toThrow(/batches/);
  });

  it('with a tensor missing or of another type breaks the protocol', () => {
    const { rho2: _, ...without } = searchArgs;
    const missing: typeof searchArgs = Object.assign({}, without as typeof searchArgs);
    expect(() => encodeRequest(1, 'me', 'search', missing)).toThrow(ProtocolError);
    const other = Object.assign({}, searchArgs, JSON.parse('{}'), { rho2: new Float32Array(1) });
    expect(() => encodeRequest(1, 'me', 'search', other)).toThrow(ProtocolError);
  });
});
