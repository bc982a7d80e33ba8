import { analyticSchema } from '../../config/closed-form';
import { type Option, optionsOf } from '../../config/option-tree';
import { PRESETS } from '../../config/presets';
import { ANALYTIC_PRESETS } from '../../config/presets/closed-form';
import { configSchema } from '../../config/schema';
import { METHODS } from '../../methods';

/** Names that a command line can state; a test compares the zoos with the worker's. */
export const CHOICES = {
  preset: [...Object.keys(PRESETS), ...Object.keys(ANALYTIC_PRESETS)],
  method: Object.keys(METHODS),
  zoo: ['pytorchcv', 'timm', 'torchvision'],
} as const;

/** Returns all settings that `--set` takes, of networks and of closed-form objectives. */
export function allSettings(): Option[] {
  return [configSchema, analyticSchema].flatMap(optionsOf).filter(({ values }) => values !== undefined);
}
