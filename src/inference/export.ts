import { resolve } from 'node:path';
import { z } from 'zod';
import { runPythonProgram } from '../bridge/workers/python-program';
import { UsageError } from '../errors';
import { type ChosenEnsemble, chosenFlags } from './predict';

/** Formats in which an ensemble can be written. */
export const MODEL_FORMATS = ['onnx', 'safetensors'] as const;
/** One ONNX graph, or a folder of weights with their description. */
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
  /** For ONNX: largest difference from PyTorch, over `samples` samples. */
  largestDifference: z.number().optional(),
  samples: z.int().optional(),
});
/** Networks and folder that were written, and how the graph was checked. */
export type Exported = z.infer<typeof exported>;

/**
 * Writes the ensemble of a finished run for other programs: one ONNX graph, compared with PyTorch, or a folder of
 * safetensors with a model card.
 * @throws UsageError when a folder of safetensors is to be calibrated, which keeps the temperature for its readers;
 *   ConfigError when the folder exists, a Python package is missing, or the network cannot be exported; DataError
 *   when there is no such run, or the graph's outputs differ from PyTorch's
 */
export async function exportEnsemble(
  directory: string,
  request: ExportRequest,
  signal?: AbortSignal,
): Promise<Exported> {
  if (request.to === 'safetensors' && request.calibrated) {
    throw new UsageError(
      'only a graph is written calibrated (--to onnx): safetensors keep the temperature, for load_ensemble(..., calibrated=True) and dsptt predict --calibrated',
    );
  }
  return exported.parse(await runPythonProgram(exportArguments(directory, request), signal));
}

/** Returns the arguments of `python -m dsptt` that export. */
export function exportArguments(directory: string, { to, out, ...chosen }: ExportRequest): string[] {
  return ['export', resolve(directory), ...chosenFlags(chosen), `--to=${to}`, `--out=${resolve(out)}`];
}
