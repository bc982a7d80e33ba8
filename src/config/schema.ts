import { z } from 'zod';
import { METHOD_OPTIONS } from '../methods';
import { baseSchema } from './base';

const { selection, barriers, pairBarriers, barrierPoints, ...before } = baseSchema.shape;

/**
 * Everything that a run depends on: the options that methods share, and a section for each method with options of its own.
 * Unknown keys are refused; defaults are the paper's or its sources'. Resolved configurations have their keys in this order.
 * An option that is added, in whatever section, states `.meta({ since: VERSION })` and keeps its default for good, so that runs
 * begun before it resume. `.meta({ deprecated: true })` makes an option a constant: only config.json of an earlier run may state
 * another value than its default.
 */
export const configSchema = z.strictObject({
  ...before,
  ...METHOD_OPTIONS,
  selection,
  barriers,
  pairBarriers,
  barrierPoints,
});

/** A resolved configuration: every default filled in. */
export type Config = z.infer<typeof configSchema>;

export type { ConfigInput } from './config-input';

/** Name of a configuration's data set in tables. */
export function datasetName({ dataset }: Config): string {
  return dataset.name ?? dataset.python ?? '';
}

/** Name of a configuration's run directory, before its method: the preset, or the data set. */
export function runStem({ preset, dataset }: Config): string {
  return preset ?? dataset.name ?? (dataset.python ?? '').replace(/:.*$|^.*\/|\.py(?=:|$)/gs, '');
}

/** Name of a configuration's network in tables. */
export function modelName({ model }: Config): string {
  return model.name ?? model.python ?? '';
}

/** The budget in steps. */
export function budgetSteps({ budget }: Config, stepsPerEpoch: number): number {
  return 'steps' in budget ? budget.steps : Math.max(1, Math.round(budget.epochs * stepsPerEpoch));
}
