import { resolve } from 'node:path';
import { z } from 'zod';
import { runPythonProgram } from '../bridge/workers/python-program';

/** Which of a directory's networks are meant; by default the run's own result. */
export interface ChosenEnsemble {
  readonly ensemble?: string | undefined;
  /** One network alone. */
  readonly member?: string | undefined;
  /** Import the model code that the directory names; without it such a run is refused. */
  readonly trustCode?: boolean | undefined;
}

export interface PredictRequest extends ChosenEnsemble {
  /** A folder of images, image files, or one .csv, .npy or .npz file: samples as the run's data set has them. */
  readonly inputs: readonly string[];
  /** The table to write. */
  readonly out: string;
  /** Samples at a time. */
  readonly batch?: number | undefined;
  readonly device?: string | undefined;
  /** Scale images of another size to the one that the networks take. */
  readonly resize?: boolean | undefined;
}

/** The answer of `python -m dsptt predict`. */
export const predicted = z.object({
  samples: z.int(),
  ensemble: z.string(),
  members: z.array(z.string()),
  out: z.string(),
});
/** What was predicted, by which networks, and where the table lies. */
export type Predicted = z.infer<typeof predicted>;

/**
 * Let the ensemble of a finished run, or of a folder exported as safetensors, predict samples, and write what it says as a
 * table: `sample, class, probability` and the probability of each class, or `sample, prediction`.
 * @throws DataError when there is no such run or sample; ConfigError when its network cannot be built or is not trusted
 */
export async function predict(directory: string, request: PredictRequest, signal?: AbortSignal): Promise<Predicted> {
  return predicted.parse(await runPythonProgram(predictArguments(directory, request), signal));
}

/** The command line of `python -m dsptt` that predicts. */
export function predictArguments(directory: string, request: PredictRequest): string[] {
  const { inputs, out, batch, device, resize } = request;
  return [
    'predict',
    resolve(directory),
    ...chosenFlags(request),
    `--out=${resolve(out)}`,
    ...(batch === undefined ? [] : [`--batch=${batch}`]),
    ...(device === undefined ? [] : [`--device=${device}`]),
    ...(resize ? ['--resize'] : []),
    '--input',
    ...inputs.map((input) => resolve(input)),
  ];
}

/** The flags that choose networks, as `python -m dsptt` knows them. */
export function chosenFlags({ ensemble, member, trustCode }: ChosenEnsemble): string[] {
  return [
    ...(ensemble === undefined ? [] : [`--ensemble=${ensemble}`]),
    ...(member === undefined ? [] : [`--member=${member}`]),
    ...(trustCode ? ['--trust-code'] : []),
  ];
}
