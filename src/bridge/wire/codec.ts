import { decode, encode } from '@msgpack/msgpack';
import { z } from 'zod';
import { ProtocolError } from '../../errors';
import { checkHeader } from './header';
import { DTYPES, type Dtype, LIMITS, type TypedArray } from './operation';
import { type Answer, type Args, CONTROL, type Op, WORK } from './protocol';
import { type ReplyHeader, replyHeader } from './reply';

const OPERATIONS = { ...WORK, ...CONTROL };
const TOLD_PROBLEMS = 5;
const TOLD_CHARACTERS = 2000;

/**
 * Encodes a request as frames. The tensor frames are views of the typed arrays in `args`, which must not change until
 * the request is sent.
 * @throws ProtocolError when `args` do not fit the operation
 */
export function encodeRequest<O extends Op>(id: number, sender: string, op: O, args: Args<O>): Uint8Array[] {
  const { request, takes } = OPERATIONS[op];
  const { fields, arrays } = takeApart(args);
  const tensors = Object.entries(arrays).map(([key, array]) => ({
    name: key,
    dtype: dtypeOf(array),
    shape: [array.length],
  }));
  const frames = Object.values(arrays).map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  const checked = request.safeParse(fields);
  if (!checked.success) throw new ProtocolError(`${op}: ${problems(checked.error)}`);
  checkTensors(op, takes, tensors);
  const message = [encodeHeader(op, { op, id, sender, tensors, ...fields }), ...frames];
  checkSizes(op, message);
  return message;
}

function encodeHeader(op: Op, header: Record<string, unknown>): Uint8Array {
  try {
    return encode(header, { maxDepth: LIMITS.headerDepth + 1 }); // msgpack also counts the values of the last container
  } catch (cause) {
    const limit = `at most ${LIMITS.headerDepth} containers within each other`;
    throw new ProtocolError(`${op}: a request must hold plain values, ${limit}: ${String(cause)}`, { cause });
  }
}

/**
 * Decodes and checks the header of a reply, so that it can be matched with its request before the rest is decoded.
 * @throws ProtocolError when it breaks the protocol or its limits
 */
export function decodeHeader(frames: readonly Uint8Array[]): ReplyHeader {
  const header = checkSizes('a reply', frames);
  checkHeader(header);
  let raw: unknown;
  try {
    raw = decode(header, { mapKeyConverter });
  } catch (cause) {
    throw new ProtocolError('a reply with a header that is not msgpack', { cause });
  }
  const checked = replyHeader.safeParse(raw);
  if (!checked.success) throw new ProtocolError(`a reply with a bad header: ${problems(checked.error)}`);
  return checked.data;
}

function mapKeyConverter(key: unknown): string {
  if (typeof key === 'string') return key;
  throw new ProtocolError(`a reply with a key that is no string: ${String(key)}`);
}

/** Returns the header frame of a message. @throws ProtocolError when the message exceeds a limit */
function checkSizes(what: string, frames: readonly Uint8Array[]): Uint8Array {
  const [header] = frames;
  if (header === undefined || frames.length > LIMITS.frames + 1) {
    throw new ProtocolError(`${what}: a message must have 1 to ${LIMITS.frames + 1} frames, got ${frames.length}`);
  }
  const sizes = frames.map((frame) => frame.byteLength);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  for (const [part, size, limit] of [
    ['header', header.byteLength, LIMITS.headerBytes],
    ['largest frame', Math.max(...sizes), LIMITS.frameBytes],
    ['message', total, LIMITS.messageBytes],
  ] as const) {
    if (size > limit) throw new ProtocolError(`${what}: its ${part} must have at most ${limit} bytes, got ${size}`);
  }
  return header;
}

/**
 * Decodes the answer of an operation: its fields, and its tensors as views of the frames (misaligned ones are copied).
 * @throws ProtocolError when the answer does not fit the operation
 */
export function decodeAnswer<O extends Op>(
  op: O,
  header: ReplyHeader & { status: 'ok' },
  frames: readonly Uint8Array[],
): Answer<O> {
  const { gives } = OPERATIONS[op];
  checkTensors(op, gives, header.tensors);
  if (frames.length !== header.tensors.length + 1) {
    throw new ProtocolError(`${op}: ${header.tensors.length} tensors, but ${frames.length - 1} tensor frames`);
  }
  const arrays: Record<string, TypedArray> = {};
  header.tensors.forEach(({ name, dtype, shape }, index) => {
    const frame = frames[index + 1];
    const elements = shape.reduce((product, size) => product * size, 1);
    const largest = shape.reduce((product, size) => product * Math.max(size, 1), 1);
    const fits = frame?.byteLength === elements * DTYPES[dtype].BYTES_PER_ELEMENT && largest <= LIMITS.frameBytes;
    if (frame === undefined || !fits) {
      throw new ProtocolError(
        `${op}: tensor ${name} ${dtype}[${shape}] does not fit ${frame?.byteLength ?? 'no'} bytes`,
      );
    }
    arrays[name] = view(dtype, frame, elements);
  });
  return assembleAnswer(op, header.result, arrays);
}

/**
 * Combines the fields, which it checks, and the arrays of an answer. It does not check the arrays.
 * @throws ProtocolError when a field does not fit the operation
 */
export function assembleAnswer<O extends Op>(
  op: O,
  fields: Readonly<Record<string, unknown>>,
  arrays: Readonly<Record<string, TypedArray>>,
): Answer<O> {
  const answer = OPERATIONS[op].result.safeParse(fields);
  if (!answer.success) throw new ProtocolError(`${op}: ${problems(answer.error)}`);
  return { ...answer.data, ...arrays } as Answer<O>;
}

/** Separates a request or an answer into plain fields and typed arrays, both by name. */
export function takeApart(values: object): {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, TypedArray>>;
} {
  const fields: Record<string, unknown> = {};
  const arrays: Record<string, TypedArray> = {};
  for (const [key, value] of Object.entries(values)) {
    if (isTypedArray(value)) arrays[key] = value;
    else fields[key] = value;
  }
  return { fields, arrays };
}

/** Describes the first problems of an error, at bounded length. */
function problems({ issues }: z.ZodError): string {
  const told = z.prettifyError({ issues: issues.slice(0, TOLD_PROBLEMS) });
  const short = told.length > TOLD_CHARACTERS ? `${told.slice(0, TOLD_CHARACTERS)} ...` : told;
  return issues.length > TOLD_PROBLEMS ? `${short}\n... and ${issues.length - TOLD_PROBLEMS} more` : short;
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
