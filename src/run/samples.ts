import type { Answer } from '../bridge/wire/protocol';
import type { Config } from '../config/schema';
import type { Task } from '../executor/executor';
import type { Samples } from '../store/samples';

/** Returns the contents of a run's data.json. */
export function samplesOf({ dataset }: Config, { classes }: Task, raw: Answer<'rawSamples'>): Samples {
  return {
    schema: 1,
    dataset: dataset.name,
    shape: raw.shape,
    dtype: raw.dtype === 'u1' ? 'uint8' : 'float32',
    classes: [...classes],
    columns: raw.columns,
    white: raw.white,
    mean: [...raw.mean],
    std: [...raw.std],
    target: raw.target,
    ...(raw.background !== null && { background: raw.background }),
  };
}
