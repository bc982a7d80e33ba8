import { resolve } from 'node:path';
import { z } from 'zod';
import { runPythonProgram } from '../bridge/workers/python-program';

/** Choice of a directory's networks; by default the run's own result. */
export interface ChosenEnsemble {
  readonly ensemble?: string | undefined;
  /** Name of a single network to use instead of an ensemble. */
  readonly member?: string | undefined;
  /** Apply the temperature that the run fitted to the ensemble's probabilities on validation samples. */
  readonly calibrated?: boolean | undefined;
  /** Import the model code that the directory names; without it such a run is refused. */
  readonly trustCode?: boolean | undefined;
}

export interface PredictRequest extends ChosenEnsemble {
  /**
   * A folder of images, image files, one .npy or .npz file, or one table (a text file of any other name): raw samples, in
   * the units of the run's data set.
   */
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
  /** About columns and files that were left out, or were taken otherwise than it might seem. */
  notices: z.array(z.string()),
});
/** Number of samples predicted, the networks that predicted them, the path of the table, and notices about the input. */
export type Predicted = z.infer<typeof predicted>;

/**
 * Predicts samples with the ensemble of a finished run or of a folder exported as safetensors, and writes a table:
 * `sample, class, probability` and the probability of each class, or `sample, prediction` for regression.
 * @throws DataError when there is no such run or sample; ConfigError when its network cannot be built or is not
 *   trusted, or it has no temperature to be calibrated by
 */
export async function predict(directory: string, request: PredictRequest, signal?: AbortSignal): Promise<Predicted> {
  return predicted.parse(await runPythonProgram(predictArguments(directory, request), signal));
}

/** Returns the arguments of `python -m dsptt` that predict. */
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

/** Returns the flags of `python -m dsptt` that choose networks. */
export function chosenFlags({ ensemble, member, calibrated, trustCode }: ChosenEnsemble): string[] {
  return [
    ...(ensemble === undefined ? [] : [`--ensemble=${ensemble}`]),
    ...(member === undefined ? [] : [`--member=${member}`]),
    ...(calibrated ? ['--calibrated'] : []),
    ...(trustCode ? ['--trust-code'] : []),
  ];
}
