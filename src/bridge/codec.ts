import { decode, encode } from '@msgpack/msgpack';
import { z } from 'zod';
import { ProtocolError } from '../errors';
import {
  type Answer,
  type Args,
  CONTROL,
  DTYPES,
  type Dtype,
  LIMITS,
  type Op,
  type ReplyHeader,
  replyHeader,
  type TypedArray,
  WORK,
} from './protocol';

const OPERATIONS = { ...WORK, ...CONTROL };

/**
 * The frames of a request. Its tensors are views of the typed arrays in `args`, which must not change until it is sent.
 * @throws ProtocolError when `args` are not what the operation takes.
 */
export function encodeRequest<O extends Op>(id: number, sender: string, op: O, args: Args<O>): Uint8Array[] {
  const { request, takes } = OPERATIONS[op];
  const fields: Record<string, unknown> = {};
  const tensors: { name: string; dtype: Dtype; shape: number[] }[] = [];
  const frames: Uint8Array[] = [];
  for (const [key, value] of Object.entries(args)) {
    if (isTypedArray(value)) {
      tensors.push({ name: key, dtype: dtypeOf(value), shape: [value.length] });
      frames.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    } else {
      fields[key] = value;
    }
  }
  const checked = request.safeParse(fields);
  if (!checked.success) throw new ProtocolError(`${op}: ${z.prettifyError(checked.error)}`);
  checkTensors(op, takes, tensors);
  return [encode({ op, id, sender, tensors, ...fields }), ...frames];
}

/**
 * The header of a reply, checked, so that it can be matched with its request before the rest is decoded.
 * @throws ProtocolError when it breaks the protocol or its limits.
 */
export function decodeHeader(frames: readonly Uint8Array[]): ReplyHeader {
  const [header] = frames;
  if (header === undefined || frames.length > LIMITS.frames + 1) {
    throw new ProtocolError(`a reply must have 1 to ${LIMITS.frames + 1} frames, got ${frames.length}`);
  }
  if (header.byteLength > LIMITS.headerBytes) {
    throw new ProtocolError(`a reply's header must have at most ${LIMITS.headerBytes} bytes, got ${header.byteLength}`);
  }
  let raw: unknown;
  try {
    raw = decode(header, { maxArrayLength: header.byteLength, maxMapLength: header.byteLength }); // checked before allocating
  } catch (cause) {
    throw new ProtocolError('a reply with a header that is not msgpack', { cause });
  }
  const checked = replyHeader.safeParse(raw);
  if (!checked.success) throw new ProtocolError(`a reply with a bad header: ${z.prettifyError(checked.error)}`);
  return checked.data;
}

/**
 * The answer of an operation: its fields, and its tensors as views of the frames (copied only where one is not aligned).
 * @throws ProtocolError when it is not what the operation answers.
 */
export function decodeAnswer<O extends Op>(
  op: O,
  header: ReplyHeader & { status: 'ok' },
  frames: readonly Uint8Array[],
): Answer<O> {
  const { result, gives } = OPERATIONS[op];
  checkTensors(op, gives, header.tensors);
  if (frames.length !== header.tensors.length + 1) {
    throw new ProtocolError(`${op}: ${header.tensors.length} tensors, but ${frames.length - 1} tensor frames`);
  }
  const arrays: Record<string, TypedArray> = {};
  header.tensors.forEach(({ name, dtype, shape }, index) => {
    const frame = frames[index + 1];
    const elements = shape.reduce((product, size) => product * size, 1);
    const { BYTES_PER_ELEMENT } = DTYPES[dtype];
    if (frame === undefined || frame.byteLength !== elements * BYTES_PER_ELEMENT) {
      throw new ProtocolError(
        `${op}: tensor ${name} ${dtype}[${shape}] does not fit ${frame?.byteLength ?? 'no'} bytes`,
      );
    }
    arrays[name] = view(dtype, frame, elements);
  });
  const answer = result.safeParse(header.result);
  if (!answer.success) throw new ProtocolError(`${op}: ${z.prettifyError(answer.error)}`);
  return { ...answer.data, ...arrays } as Answer<O>;
}

function checkTensors(
  op: Op,
  expected: Readonly<Record<string, Dtype>>,
  got: readonly { name: string; dtype: Dtype }[],
): void {
  const names = new Set(got.map(({ name }) => name));
  const isComplete = names.size === got.length && names.size === Object.keys(expected).length;
  const fits = isComplete && got.every(({ name, dtype }) => expected[name] === dtype);
  if (!fits)
    throw new ProtocolError(`${op}: expected the tensors ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`);
}

function view(dtype: Dtype, frame: Uint8Array, elements: number): TypedArray {
  const { BYTES_PER_ELEMENT } = DTYPES[dtype];
  const aligned = frame.byteOffset % BYTES_PER_ELEMENT === 0 ? frame : frame.slice();
  return new DTYPES[dtype](aligned.buffer as ArrayBuffer, aligned.byteOffset, elements);
}

function isTypedArray(value: unknown): value is TypedArray {
  return Object.values(DTYPES).some((array) => value instanceof array);
}

function dtypeOf(value: TypedArray): Dtype {
  if (value instanceof Float32Array) return 'f4';
  if (value instanceof Float64Array) return 'f8';
  return value instanceof Int32Array ? 'i4' : 'u1';
}
