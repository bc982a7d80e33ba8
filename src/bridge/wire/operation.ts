import { z } from 'zod';

/** Limits of both sides; a message that exceeds one is refused before it is decoded. */
export const LIMITS = {
  headerBytes: 2 ** 20,
  /** Depth of nested containers in a header, which is itself the first. */
  headerDepth: 32,
  frames: 64,
  frameBytes: 2 ** 31,
  /** All frames of a message together: no operation has two tensors of the largest frame size. */
  messageBytes: 2 ** 32,
  nameLength: 200,
  dimensions: 8,
  /** Work requests of a client on the wire at a time: with more, answers may be lost. */
  window: 64,
  steps: 1_000_000,
  captures: 1000,
  /** Points or paths in one request that measures, averages or searches. */
  points: 1000,
  /** Networks trained at once. */
  members: 64,
  threads: 1024,
} as const;

/** Element types of tensors on the wire, by numpy's short names, with the typed arrays that hold them. */
export const DTYPES = { f4: Float32Array, f8: Float64Array, i4: Int32Array, u1: Uint8Array } as const;
export type Dtype = keyof typeof DTYPES;
interface Arrays {
  readonly f4: Float32Array;
  readonly f8: Float64Array;
  readonly i4: Int32Array;
  readonly u1: Uint8Array;
}
export type TypedArray = Arrays[Dtype];
/** The typed arrays of tensors by name. */
export type ArraysOf<T> = { readonly [K in keyof T]: T[K] extends Dtype ? Arrays[T[K]] : never };

type Tensors = Readonly<Record<string, Dtype>>;
/** The schemas of an operation's request and answer, and the tensors that travel with them. */
export interface Operation<Q extends z.ZodRawShape, R extends z.ZodRawShape, T extends Tensors, G extends Tensors> {
  readonly request: z.ZodObject<Q>;
  readonly result: z.ZodObject<R>;
  /** Tensors of the request. */
  readonly takes: T;
  /** Tensors of the answer. */
  readonly gives: G;
}

/** Defines an operation: the fields of its request and answer, and their tensors. */
export function operation<
  Q extends z.ZodRawShape,
  R extends z.ZodRawShape = Record<never, never>,
  const T extends Tensors = Record<never, never>,
  const G extends Tensors = Record<never, never>,
>(spec: { request: Q; result?: R; takes?: T; gives?: G }): Operation<Q, R, T, G> {
  return {
    request: z.strictObject(spec.request),
    result: z.strictObject(spec.result ?? ({} as R)),
    takes: spec.takes ?? ({} as T),
    gives: spec.gives ?? ({} as G),
  };
}
