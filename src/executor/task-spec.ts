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
