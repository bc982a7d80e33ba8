import { z } from 'zod';
import { announcementSchema } from './placed-worker';

/** Longest line of words between this process and the pool, in bytes (`python/dsptt_pool/words.py`). */
export const MAX_LINE_BYTES = 64 * 1024;

const count = z.int().min(0);
const amount = z.object({ gpus: z.number(), cpus: z.number() });

/** Words to the pool: asks for a worker, which waits for its place without limit; ends one, or gives up its wait. */
export const askedOfPool = z.discriminatedUnion('word', [
  z.strictObject({
    word: z.literal('start'),
    id: count,
    gpus: count,
    cpus: count,
    /** Further resources of Ray, by name. */
    resources: z.record(z.string(), z.number()),
    /** The interpreter on the worker's node. */
    python: z.string(),
    arguments: z.array(z.string()),
  }),
  z.strictObject({ word: z.literal('stop'), id: count, graceMs: count }),
]);
export type AskedOfPool = z.infer<typeof askedOfPool>;

/** Words of the pool: about its cluster, and about each worker. */
export const saidByPool = z.discriminatedUnion('word', [
  z.object({ word: z.literal('ready'), ray: z.string(), auth: z.enum(['token', 'disabled']) }),
  z.object({ word: z.literal('refused'), why: z.string() }),
  z.object({ word: z.literal('started'), id: count, announcement: announcementSchema }),
  z.object({
    word: z.literal('ended'),
    id: count,
    /** By itself or as asked; with its node or Ray's process there; or as `output` says. */
    why: z.enum(['exit', 'place', 'refused']),
    code: z.int().nullable(),
    signal: z.string().nullable(),
    output: z.string(),
  }),
  z.object({ word: z.literal('waiting'), count, free: amount, all: amount }),
]);
export type SaidByPool = z.infer<typeof saidByPool>;
export type Said<W extends SaidByPool['word']> = Extract<SaidByPool, { word: W }>;
