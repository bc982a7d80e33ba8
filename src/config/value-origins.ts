import { type ConfigLayer, DEFAULT, isPlain, merge, placeIn, stackedLayers, valueAt, valuesOf } from './resolve';

/** A setting of a resolved configuration and where its value comes from. */
export interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
  /** `default`, a preset, a scale, `file:line`, or what of the command line. */
  readonly from: string;
}

/**
 * Every setting of the configuration that the layers resolve to, in its order. The last layer that states one has it,
 * unless one above replaced the part that it stands in (another network, another budget).
 */
export function originsOf(layers: readonly ConfigLayer<object>[], config: object): Setting[] {
  const stack = stackedLayers(layers);
  const merged = stack.map((_, k) =>
    stack
      .slice(0, k + 1)
      .map(valuesOf)
      .reduce(merge),
  );
  return settingsOf(config).map(({ path, value }) => {
    const last = stack.findLastIndex((layer) => valueAt(valuesOf(layer), path) !== undefined);
    const stands = last >= 0 && merged.slice(last).every((values) => valueAt(values, path) !== undefined);
    return { path, value, from: stands ? placeIn(stack[last], path) : DEFAULT };
  });
}

/** The innermost settings of a configuration. */
function settingsOf(config: object, path: readonly string[] = []): { path: readonly string[]; value: unknown }[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const here = [...path, key];
    return isPlain(value) && Object.keys(value).length > 0 ? settingsOf(value, here) : [{ path: here, value }];
  });
}
