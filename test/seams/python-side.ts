import { z } from 'zod';
import { runPython } from '../python';
import type { Schema } from './fields';

const schema = z.custom<Schema>((value) => typeof value === 'object' && value !== null);
const operations = z.record(
  z.string(),
  z.strictObject({
    request: schema,
    result: schema,
    takes: z.record(z.string(), z.string()),
    gives: z.record(z.string(), z.string()),
  }),
);
const pythonSide = z.strictObject({
  wire: z.strictObject({
    version: z.int(),
    limits: z.record(z.string(), z.int()),
    reply: schema,
    work: operations,
    control: operations,
  }),
});
export type PythonSide = z.infer<typeof pythonSide>;

/** Starts Python once. */
export function askPythonSide(): PythonSide {
  return pythonSide.parse(runPython(['python/tests/seams.py']));
}
