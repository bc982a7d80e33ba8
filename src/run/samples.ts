import type { Answer } from '../bridge/wire/protocol';
import { type Config, datasetName } from '../config/schema';
import { kindOf } from '../ensemble/task-kind';
import type { Task } from '../executor/executor';
import type { Samples } from '../store/samples';

const TYPES = { u1: 'uint8', f4: 'float32', f8: 'float64' } as const;

/** Returns the contents of a run's data.json. */
export function samplesOf(config: Config, { classes }: Task, raw: Answer<'rawSamples'>): Samples {
  return {
    schema: 1,
    dataset: datasetName(config),
    shape: raw.shape,
    dtype: TYPES[raw.dtype],
    classes: [...classes],
    columns: raw.columns,
    white: raw.white,
    mean: [...raw.mean],
    std: [...raw.std],
    target: raw.target,
    ...(raw.table !== null && { table: layoutOf(raw.table) }),
    ...(raw.background !== null && { background: raw.background }),
    ...(raw.crop && { crop: true }),
    ...(kindOf(config.loss) === 'labels' && { kind: 'labels' }),
  };
}

/** Returns a table's layout with the roles of columns that it has, as in versions that had no other. */
function layoutOf({ id, gaps, categories, ...layout }: NonNullable<Answer<'rawSamples'>['table']>): Samples['table'] {
  return {
    ...layout,
    ...(id !== null && { id }),
    ...(gaps && { gaps }),
    ...(categories.length > 0 && { categories }),
  };
}
