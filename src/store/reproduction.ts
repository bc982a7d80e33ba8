import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PRESET_SIZES } from '../config/scale';
import { DataError } from '../errors';
import { jsonText } from './disk/json-file';

const count = z.int().nonnegative();
/** A measurement; null if there is none. */
const measured = z.number().nullable();

/**
 * Measures of a row of a reproduced table, each as a mean over seeds: errors in percent, losses and barriers in nats.
 */
export const TABLE_MEASURES = [
  'members',
  'steps',
  'testErrorPct',
  'testLoss',
  'outputCorrelation',
  'parameterDistance',
  /** Loss barriers between every two members: the mean and the lowest, if a run measured them. */
  'barrier',
  'lowestBarrier',
  'seconds',
] as const;
export type TableMeasure = (typeof TABLE_MEASURES)[number];

/** Measures that the paper prints for a row. */
export const PAPER_MEASURES = ['testErrorPct', 'testLoss', 'outputCorrelation', 'parameterDistance'] as const;
export type PaperMeasure = (typeof PAPER_MEASURES)[number];

const scale = z.enum(PRESET_SIZES);
const summary = z.strictObject({ mean: z.number(), standardError: measured, n: count });
const claim = z.strictObject({ claim: z.string(), seen: z.string(), holds: z.boolean() });

/** Mean of each measure over seeds; null if no seed has it. */
export const meansSchema = z.record(z.enum(TABLE_MEASURES), summary.nullable());

const row = z.strictObject({
  name: z.string(),
  label: z.string(),
  network: z.string(),
  method: z.string(),
  /** Values that the paper prints for the data set of the table. */
  paper: z
    .strictObject({ place: z.string(), models: count, values: z.record(z.enum(PAPER_MEASURES), measured) })
    .nullable(),
  peers: z.array(
    z.strictObject({
      source: z.string(),
      budgets: z.number(),
      epochs: count,
      models: count.nullable(),
      testErrorPct: z.number(),
      spread: measured,
    }),
  ),
  /** Scores by seed. Paths of runs are relative to the table's directory. */
  scores: z.array(z.strictObject({ seed: count, run: z.string(), values: z.record(z.enum(TABLE_MEASURES), measured) })),
  failures: z.array(z.strictObject({ seed: count, message: z.string() })),
  means: meansSchema,
});

/** tableN.json, schema 1. */
const tableSchema = z.strictObject({
  schema: z.literal(1),
  table: z.enum(['table1', 'table2', 'table3', 'table4']),
  dataset: z.string(),
  /** Null if a preset has no scale. */
  scale: scale.nullable(),
  seeds: z.array(count),
  rows: z.array(row),
  claims: z.array(claim),
});

/** memory.json, schema 1. In bytes; peaks are those of one training step and of one search step. */
const memorySchema = z.strictObject({
  schema: z.literal(1),
  table: z.literal('memory'),
  dataset: z.string(),
  scale,
  network: z.string(),
  batchSize: count,
  parameters: count,
  paths: count,
  device: z.string(),
  /** Method of counting bytes: the CUDA allocator's statistics, or the sum of live tensors. */
  counted: z.enum(['cuda allocator', 'live tensors']),
  dataBytes: count,
  trainingPeakBytes: count,
  searchPeakBytes: count,
  pathsBytes: count,
  claims: z.array(claim),
});

/** Schema of a table that `dsptt reproduce` writes and `dsptt regress` reads. */
export const reproductionSchema = z.discriminatedUnion('table', [tableSchema, memorySchema]);
export type ReproducedTable = z.infer<typeof tableSchema>;
export type ReproducedMemory = z.infer<typeof memorySchema>;
export type ReproducedRow = ReproducedTable['rows'][number];

/** Validates a table, and returns it as the text of its file. */
export function reproductionJson(made: ReproducedTable | ReproducedMemory): string {
  return jsonText(reproductionSchema.parse(made));
}

/**
 * Reads reproduced tables: one file, or all of a directory.
 * @throws DataError if there is none, or if one is damaged
 */
export async function readReproductions(path: string): Promise<(ReproducedTable | ReproducedMemory)[]> {
  const inside = ['table1', 'table2', 'table3', 'table4', 'memory'].map((name) => join(path, `${name}.json`));
  const files = inside.filter((file) => existsSync(file));
  return Promise.all((files.length > 0 ? files : [path]).map(readReproduction));
}

async function readReproduction(file: string): Promise<ReproducedTable | ReproducedMemory> {
  let raw: unknown;
  try {
    raw = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new DataError(
      `${file} is no result of dsptt reproduce: name its table1.json, ..., memory.json, or the directory that holds them`,
      { cause },
    );
  }
  const checked = reproductionSchema.safeParse(raw);
  if (checked.success) return checked.data;
  const { path, message } = checked.error.issues[0];
  throw new DataError(`${file} is not a reproduced table of schema 1: ${path.join('.') || 'it'}: ${message}`);
}
