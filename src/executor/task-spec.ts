import type { Args } from '../bridge/wire/protocol';
import type { LossName } from '../ensemble/task-kind';
import type { MembersAtOnce } from './members-at-once';
import { codeFile, moduleFolder, type Places, weightsFile } from './places';
import type { ValidationSpec } from './validation-points';

/** A network, either by its name in dsptt or by the Python function that builds it, and its initial weights. */
export interface ModelSpec {
  readonly name: string | null;
  readonly args: Record<string, unknown>;
  /** `package.module:function`, `file.py` or `file.py:function`. */
  readonly python?: string | null;
  /** A file of weights. */
  readonly weights?: string | null;
}

/** A data set, either by its name in dsptt or by the Python function that returns it. */
export interface DatasetSpec {
  readonly name: string | null;
  readonly args: Record<string, unknown>;
  /** Folder with the data files. */
  readonly dir: string | null;
  /** `package.module:function`, `file.py` or `file.py:function`. */
  readonly python?: string | null;
}

/**
 * Returns data set and model for `open`, with absolute paths, and the folder in which modules that they name are looked
 * for. A data set without a function is sent as in versions that lacked functions.
 */
export function located(
  { dataset, model }: { readonly dataset: DatasetSpec; readonly model: ModelSpec },
  places: Places,
): Pick<Args<'open'>, 'dataset' | 'model' | 'modules'> {
  const builds = locatedCode(model.python, places, places.origin.code);
  // No hash of its code is kept, since that of its samples is: the first file, or folder, that exists is the one.
  const returns = locatedCode(dataset.python, places);
  const weights = model.weights ?? null;
  const modules = builds.modules ?? returns.modules;
  return {
    dataset: {
      ...{ name: dataset.name, args: dataset.args, dir: dataset.dir },
      ...(returns.python !== null && { python: returns.python }),
    },
    model: {
      ...{ name: model.name, args: model.args, python: builds.python },
      weights: weights === null ? null : weightsFile(weights, places),
    },
    ...(modules !== null && { modules }),
  };
}

/** Returns a function of the user's with its file's absolute path, and the folder in which its module is looked for. */
function locatedCode(
  python: string | null | undefined,
  places: Places,
  code?: Readonly<Record<string, string>>,
): { readonly python: string | null; readonly modules: string | null } {
  if (python === undefined || python === null) return { python: null, modules: null };
  const file = /^(.*\.py)(:.*)?$/s.exec(python);
  if (file !== null) return { python: `${codeFile(file[1], places, code)}${file[2] ?? ''}`, modules: null };
  return { python, modules: moduleFolder(python.split(':')[0], places, code) };
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

/** Mixing of training batches: alphas of mixup and cutmix. Default: 0, none. */
export interface MixingSpec {
  readonly mixup?: number;
  readonly cutmix?: number;
}

/** Returns the mixing for the wire; nothing without any, as in versions that lacked it. */
export function mixingOf({ mixup = 0, cutmix = 0 }: MixingSpec): MixingSpec {
  return { ...(mixup > 0 && { mixup }), ...(cutmix > 0 && { cutmix }) };
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

/** Data, model and training options of a task; the worker validates names and arguments. */
export interface TaskSpec extends ExecutionSpec, MixingSpec {
  readonly dataset: DatasetSpec;
  readonly model: ModelSpec;
  readonly loss: LossName;
  /** Changes to that loss for training and search, or another one instead. Default: none. */
  readonly trainingLoss?: TrainingLossSpec;
  /** Number of training samples a step; `full`: all of them, the full gradient, one step an epoch. */
  readonly batchSize: number | 'full';
  /** Number of chunks of a batch, whose gradients are summed: less memory, the same step except for rounding. */
  readonly batchChunks: number;
  /** Allows chunks for layers such as batch norm, whose statistics are then those of a chunk. */
  readonly allowChunkedBn: boolean;
  readonly seed: number;
  readonly device: string;
  /** CPU threads; 0 leaves PyTorch's own choice. */
  readonly threads: number;
  /** Number of independent networks that are trained at once; `membersWay` is how. Default 1. */
  readonly membersAtOnce?: number;
  readonly membersWay?: MembersAtOnce['way'] | 'auto';
  /** When trainings evaluate the validation split on the way. Default: never. */
  readonly validation?: ValidationSpec;
}
