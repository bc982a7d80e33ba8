import { resolve } from 'node:path';
import { z } from 'zod';
import { runPythonProgram } from '../bridge/workers/python-program';
import { type ChosenEnsemble, chosenFlags } from './predict';

/** What an ensemble can be written as. */
export const MODEL_FORMATS = ['onnx', 'safetensors'] as const;
/** What other programs can be given: one graph, or weights with what describes them. */
export type ModelFormat = (typeof MODEL_FORMATS)[number];

export interface ExportRequest extends ChosenEnsemble {
  readonly to: ModelFormat;
  /** The folder to write, which must not exist. */
  readonly out: string;
}

/** The answer of `python -m dsptt export`. */
export const exported = z.object({
  to: z.enum(MODEL_FORMATS),
  ensemble: z.string(),
  members: z.array(z.string()),
  out: z.string(),
  /** Of ONNX: by how much it differs from PyTorch at most, over so many samples. */
  largestDifference: z.number().optional(),
  samples: z.int().optional(),
});
/** What was written, and how it was checked. */
export type Exported = z.infer<typeof exported>;

/**
 * Write the ensemble of a finished run for other programs: one ONNX graph, which was compared with PyTorch, or a folder of
 * safetensors with a model card.
 * @throws ConfigError when the folder exists, a Python package is missing, or the network cannot be exported; DataError
 *   when there is no such run, or the graph answers otherwise than PyTorch
 */
export async function exportEnsemble(
  directory: string,
  request: ExportRequest,
  signal?: AbortSignal,
): Promise<Exported> {
  return exported.parse(await runPythonProgram(exportArguments(directory, request), signal));
}

/** The command line of `python -m dsptt` that exports. */
export function exportArguments(directory: string, { to, out, ...chosen }: ExportRequest): string[] {
  return ['export', resolve(directory), ...chosenFlags(chosen), `--to=${to}`, `--out=${resolve(out)}`];
}
