import { z } from 'zod';
import { sealed, unsealed } from './canonical';

/** The version of the journal's format; a change that older programs would misread makes it another. */
export const JOURNAL_SCHEMA = 1;

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const dtype = z.enum(['f4', 'f8', 'i4', 'u1']);

/** An array: in the record itself, in base64, or `length` elements from byte `offset` of the file `journal.DTYPE`. */
const arrayRef = z.union([
  z.strictObject({ dtype, length: count, inline: z.base64() }),
  z.strictObject({ dtype, length: count, offset: count, sha256 }),
]);
export type ArrayRef = z.infer<typeof arrayRef>;

/** Running number of the record, and number of the process that wrote it, from 1. */
const place = { n: count, w: z.int().positive() };

const header = z.strictObject({
  ...place,
  kind: z.literal('header'),
  schema: z.literal(JOURNAL_SCHEMA),
  /** Numbers of the changes of behaviour (`BEHAVIOUR_FLAGS`) that the run was begun with. */
  flags: z.array(z.int().positive()),
  /** SHA-256 of the configuration, apart from where its data lie. */
  config: sha256,
  /** Steps a message, of 0.1.0 alone: how a run is cut is read off its commands. */
  chunk: z.int().positive().optional(),
  versions: z.record(z.string(), z.string()),
  /** The network given as tier 0: null, the model's own, or a file that is kept in the run directory. */
  tier0: z.union([z.null(), z.literal('model'), z.strictObject({ source: z.string(), sha256 })]),
});

/** A process has taken the run up. */
const incarnation = z.strictObject({
  ...place,
  kind: z.literal('incarnation'),
  pid: count,
  versions: header.shape.versions,
});

/** What was asked of the executor: its fields, and of each tensor what identifies it. */
const command = z.strictObject({
  ...place,
  kind: z.literal('command'),
  /** Number of the command in the run. */
  c: count,
  op: z.string(),
  args: z.record(z.string(), z.unknown()),
  tensors: z.record(z.string(), z.strictObject({ dtype, length: count, sha256 })),
});

const result = z.strictObject({
  ...place,
  kind: z.literal('result'),
  c: count,
  /** Seconds since its process took the run up. */
  t: z.number().nonnegative(),
  /** SHA-256 over fields and arrays. */
  digest: sha256,
  fields: z.record(z.string(), z.unknown()),
  /** Null where the answer is large and can be asked for again. */
  tensors: z.record(z.string(), arrayRef).nullable(),
});

/** A worker was lost, and another one took its place. */
const restart = z.strictObject({ ...place, kind: z.literal('restart'), reason: z.string() });

const record = z.discriminatedUnion('kind', [header, incarnation, command, result, restart]);
export type JournalRecord = z.infer<typeof record>;
export type Header = z.infer<typeof header>;
export type CommandRecord = z.infer<typeof command>;
export type ResultRecord = z.infer<typeof result>;

/** A record before it has its place in a journal. */
export type Unplaced<R> = R extends unknown ? Omit<R, 'n' | 'w'> : never;

/** A record as a line of the journal. */
export function encodeLine(entry: JournalRecord): string {
  return `${sealed(entry)}\n`;
}

/** The record of a line, given without its line break; null where it is damaged. @throws ZodError when it is whole, but no record */
export function decodeLine(line: Buffer): JournalRecord | null {
  const raw = unsealed(line);
  return raw === null ? null : record.parse(raw);
}
