import path from 'node:path';
import type { Args } from '../bridge/wire/protocol';

/** A network by our name for it, or by the Python function that builds it, and the weights that it starts from. */
export interface ModelSpec {
  readonly name: string | null;
  readonly args: Record<string, unknown>;
  /** `package.module:function`, `file.py` or `file.py:function`. */
  readonly python?: string | null;
  /** A file of weights. */
  readonly weights?: string | null;
}

/** The model of an `open`, its files by absolute paths: relative ones are meant from here, wherever the worker stands. */
export function located({ name, args, python = null, weights = null }: ModelSpec): Args<'open'>['model'] {
  const file = /^(.*\.py)(:.*)?$/s.exec(python ?? '');
  return {
    name,
    args,
    python: file === null ? python : `${path.resolve(file[1])}${file[2] ?? ''}`,
    weights: weights === null ? null : path.resolve(weights),
  };
}

/** How the worker runs a task's network: all of it changes speed, and no more than the rounding of results. */
export interface ExecutionSpec {
  /** bf16: the forward pass in bfloat16, weights and their updates in float32; tf32: products of CUDA devices, rounded. */
  readonly precision: 'fp32' | 'tf32' | 'bf16';
  /** Whether torch.compile makes the training pass. Default: no. */
  readonly compile?: boolean;
  /** Whether images are laid out with their channels last. Default: no. */
  readonly channelsLast?: boolean;
  /** Whether steps are captured as CUDA graphs, where that is possible (the default), or never. */
  readonly graphs?: 'auto' | 'off';
  /** Where samples lie: on the device, or on the host, from where each batch is brought. Default: what memory allows. */
  readonly data?: 'auto' | 'device' | 'stream';
}

/** What differs from the default, for the wire: a run that states none of it asks what runs asked before there was any. */
export function executionOf({ compile, channelsLast, graphs = 'auto', data = 'auto' }: ExecutionSpec) {
  return {
    ...(compile && { compile }),
    ...(channelsLast && { channelsLast }),
    ...(graphs !== 'auto' && { graphs }),
    ...(data !== 'auto' && { data }),
  };
}
