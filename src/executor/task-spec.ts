import type { Args } from '../bridge/wire/protocol';
import { codeFile, moduleFolder, type Places, weightsFile } from './places';

/** A network, either by its name in dsptt or by the Python function that builds it, and its initial weights. */
export interface ModelSpec {
  readonly name: string | null;
  readonly args: Record<string, unknown>;
  /** `package.module:function`, `file.py` or `file.py:function`. */
  readonly python?: string | null;
  /** A file of weights. */
  readonly weights?: string | null;
}

/** Returns the model for `open`, with absolute paths, and the folder in which a module that it names is looked for. */
export function located(
  { name, args, python = null, weights = null }: ModelSpec,
  places: Places,
): Pick<Args<'open'>, 'model' | 'modules'> {
  const { modules, ...code } = locatedCode(python, places, places.origin.code);
  const model = { name, args, ...code, weights: weights === null ? null : weightsFile(weights, places) };
  return modules === null ? { model } : { model, modules };
}

/** Returns a function of the user's with its file's absolute path, and the folder in which its module is looked for. */
function locatedCode(
  python: string | null,
  places: Places,
  code?: Readonly<Record<string, string>>,
): { readonly python: string | null; readonly modules: string | null } {
  const file = /^(.*\.py)(:.*)?$/s.exec(python ?? '');
  if (file !== null) return { python: `${codeFile(file[1], places, code)}${file[2] ?? ''}`, modules: null };
  return { python, modules: python && moduleFolder(python.split(':')[0], places, code) };
}

/** Changes to the loss that training and search descend, or a loss of the user's; evaluations report the plain loss. */
export type TrainingLossSpec = NonNullable<Args<'open'>['trainingLoss']>;

/** Returns the training loss for the wire; nothing for the plain loss, as in versions that had no other. */
export function trainingLossOf(
  loss: TrainingLossSpec | null | undefined,
  places: Places,
): Pick<Args<'open'>, 'trainingLoss'> {
  const isPlain = !loss || (loss.labelSmoothing === 0 && loss.classWeights === null && loss.python === null);
  if (isPlain) return {};
  return { trainingLoss: { ...loss, ...locatedCode(loss.python, places, places.origin.lossCode) } };
}

/** Options of speed for a task's network; they change results by rounding at most. */
export interface ExecutionSpec {
  /** bf16: forward pass in bfloat16, weights and updates in float32; tf32: products of CUDA devices, rounded. */
  readonly precision: 'fp32' | 'tf32' | 'bf16';
  /** True to compile the training pass with torch.compile. Default: false. */
  readonly compile?: boolean;
  /** True to lay out images with their channels last. Default: false. */
  readonly channelsLast?: boolean;
  /** `auto`: captures steps as CUDA graphs where possible; `off`: never. Default: auto. */
  readonly graphs?: 'auto' | 'off';
  /** Place of samples: on the device, or on the host, which sends each batch. Default: what memory allows. */
  readonly data?: 'auto' | 'device' | 'stream';
}

/**
 * Returns the options that differ from their defaults, for the wire: a run without any sends the same command as in
 * versions that lacked these options.
 */
export function executionOf({ compile, channelsLast, graphs = 'auto', data = 'auto' }: ExecutionSpec) {
  return {
    ...(compile && { compile }),
    ...(channelsLast && { channelsLast }),
    ...(graphs !== 'auto' && { graphs }),
    ...(data !== 'auto' && { data }),
  };
}
