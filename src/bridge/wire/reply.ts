import { z } from 'zod';
import { LIMITS } from './operation';

/** Codes of the errors that the worker reports. */
const ERROR_CODES = ['worker', 'protocol', 'config', 'chunks', 'data', 'package', 'memory', 'cancelled'] as const;

const count = z.int().nonnegative();
const name = z.string().min(1).max(LIMITS.nameLength);

const tensorSpec = z.strictObject({
  name,
  dtype: z.enum(['f4', 'f8', 'i4', 'u1']),
  shape: z.array(count.max(LIMITS.frameBytes)).max(LIMITS.dimensions),
});

/** An error that Python reports; `remedies.ts` has remedies for some codes. */
export const replyError = z.strictObject({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  traceback: z.string().nullable(),
});

export type ErrorCode = (typeof ERROR_CODES)[number];

/** The header of every message from the worker. */
export const replyHeader = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('ok'),
    id: count,
    sender: name,
    result: z.record(z.string(), z.unknown()),
    tensors: z.array(tensorSpec).max(LIMITS.frames),
  }),
  z.strictObject({
    status: z.literal('error'),
    id: count,
    sender: name,
    error: replyError,
  }),
]);
export type ReplyHeader = z.infer<typeof replyHeader>;
