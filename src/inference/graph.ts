import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { dsptt } from '../command-name';
import { DataError } from '../errors';
import { samplesSchema } from '../store/samples';

/**
 * Schema 1 of ensemble.json in a folder that `dsptt export --to onnx` wrote; keys that are only informative are left
 * out.
 */
const graphSchema = z.object({
  format: z.literal('dsptt-onnx'),
  schema: z.literal(1),
  file: z.string().regex(/^[^/\\]+\.onnx$/),
  sha256: z.string(),
  ensemble: z.string(),
  members: z.array(z.string()).min(1),
  rule: z.string(),
  /** Temperature of the combined probabilities; null if the run fitted none, and in older exports. */
  temperature: z.number().positive().nullable().default(null),
  /** True if the graph itself applies it. */
  calibrated: z.boolean().default(false),
  data: samplesSchema,
});
type Graph = z.infer<typeof graphSchema>;

const otherSchema = z.object({ format: z.literal('dsptt-onnx'), schema: z.int().gt(1) });

/**
 * Reads ensemble.json of a folder with an exported graph.
 * @throws DataError when it is missing, damaged, or of a newer schema
 */
export async function readGraph(directory: string): Promise<Graph> {
  const file = join(directory, 'ensemble.json');
  let raw: unknown;
  try {
    raw = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new DataError(
      `${directory} holds no exported ensemble (cannot read ensemble.json): make one by \`${dsptt('export', 'RUN', '--to', 'onnx')}\``,
      { cause },
    );
  }
  const checked = graphSchema.safeParse(raw);
  if (checked.success) return checked.data;
  const newer = otherSchema.safeParse(raw);
  const why = newer.success
    ? `of schema ${newer.data.schema}: install a newer dsptt`
    : `damaged: ${checked.error.issues[0].path.join('.')}: ${checked.error.issues[0].message}`;
  throw new DataError(`${file} is ${why}`);
}
