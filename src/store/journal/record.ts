import { z } from 'zod';
import { sealed, unsealed } from './canonical';

/** Version of the journal's format. It increases with every change that older programs would misread. */
export const JOURNAL_SCHEMA = 1;

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const dtype = z.enum(['f4', 'f8', 'i4', 'u1']);

/** An array: base64 in the record itself, or `length` elements from byte `offset` of the file `journal.DTYPE`. */
const arrayRef = z.union([
  z.strictObject({ dtype, length: count, inline: z.base64() }),
  z.strictObject({ dtype, length: count, offset: count, sha256 }),
]);
export type ArrayRef = z.infer<typeof arrayRef>;

/** Sequence number of the record, and number of the process that wrote it, from 1. */
const place = { n: count, w: z.int().positive() };

const header = z.strictObject({
  ...place,
  kind: z.literal('header'),
  schema: z.literal(JOURNAL_SCHEMA),
  /** Numbers of the behaviour flags (`BEHAVIOUR_FLAGS`) with which the run began. */
  flags: z.array(z.int().positive()),
  /** SHA-256 of the configuration without the location of its data. */
  config: sha256,
  /** Steps a message. Only version 0.1.0 wrote it: the chunking of a run is read from its commands. */
  chunk: z.int().positive().optional(),
  versions: z.record(z.string(), z.string()),
  /**
   * Tier-0 network: null if the method trains it, `model` for the weights of the user's model, else the file that is
   * kept in the run directory.
   */
  tier0: z.union([z.null(), z.literal('model'), z.strictObject({ source: z.string(), sha256 })]),
});

/** Start of a further process that continues the run. */
const incarnation = z.strictObject({
  ...place,
  kind: z.literal('incarnation'),
  pid: count,
  versions: header.shape.versions,
});

/** A command to the executor: its fields, and the type, length and hash of each tensor. */
const command = z.strictObject({
  ...place,
  kind: z.literal('command'),
  /** Sequence number of the command in the run. */
  c: count,
  op: z.string(),
  args: z.record(z.string(), z.unknown()),
  tensors: z.record(z.string(), z.strictObject({ dtype, length: count, sha256 })),
});

const result = z.strictObject({
  ...place,
  kind: z.literal('result'),
  c: count,
  /** Seconds since the process of the record began its work on the run. */
  t: z.number().nonnegative(),
  /** SHA-256 over fields and arrays. */
  digest: sha256,
  fields: z.record(z.string(), z.unknown()),
  /** Null for a large answer that can be requested again. */
  tensors: z.record(z.string(), arrayRef).nullable(),
});

/** Replacement of a lost worker. */
const restart = z.strictObject({ ...place, kind: z.literal('restart'), reason: z.string() });

const record = z.discriminatedUnion('kind', [header, incarnation, command, result, restart]);
export type JournalRecord = z.infer<typeof record>;
export type Header = z.infer<typeof header>;
export type CommandRecord = z.infer<typeof command>;
export type ResultRecord = z.infer<typeof result>;

/** A record without its sequence and process numbers. */
export type Unplaced<R> = R extends unknown ? Omit<R, 'n' | 'w'> : never;

/** Encodes a record as a line of the journal. */
export function encodeLine(entry: JournalRecord): string {
  return `${sealed(entry)}\n`;
}

/**
 * Decodes a line, given without its line break; returns null if it is damaged.
 * @throws ZodError if the line is intact but not a record
 */
export function decodeLine(line: Buffer): JournalRecord | null {
  const raw = unsealed(line);
  return raw === null ? null : record.parse(raw);
}
