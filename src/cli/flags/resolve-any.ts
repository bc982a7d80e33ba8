import type { AnalyticConfig } from '../../config/closed-form';
import { type ConfigLayer, isAnalytic, resolveAnalytic, resolveConfig } from '../../config/resolve';
import type { Config } from '../../config/schema';
import { findMethod } from '../../methods';

/**
 * Resolves layers to the configuration of a network or of a closed-form objective.
 * @throws as `resolveConfig`; UsageError on an unknown method
 */
export function resolveAny(layers: readonly ConfigLayer[]): Config | AnalyticConfig {
  if (isAnalytic(layers)) return resolveAnalytic(layers);
  const config = resolveConfig(layers);
  findMethod(config.method);
  return config;
}
