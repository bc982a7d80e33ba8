import type { Option } from '../config/option-tree';
import { DEFAULT, valueAt } from '../config/resolve';
import type { Setting } from '../config/value-origins';
import { inline, yamlKey, yamlLine } from './config-yaml';

/**
 * Renders a resolved configuration as a YAML file to start from. Options that were set are active; all others are
 * commented out with their defaults, and become active if their `#` is removed. Each is preceded by its description.
 */
export function configTemplate(options: readonly Option[], settings: readonly Setting[], config: object): string {
  const set = settings.filter(({ from }) => from !== DEFAULT).map(({ path }) => path);
  const isSet = (part: readonly string[]) => set.some((path) => part.every((name, k) => path[k] === name));
  const lines = options.flatMap((option) => {
    const { path } = option;
    const text = [
      commentOf(option),
      option.values === undefined ? yamlKey(path) : yamlLine(path, valueAt(config, path)),
    ];
    const unsetFrom = path.findIndex((_, k) => !isSet(path.slice(0, k + 1)));
    const written = unsetFrom < 0 ? text : commentedOut(text, unsetFrom);
    return path.length === 1 ? ['', ...written] : written;
  });
  return lines.join('\n');
}

function commentOf({ path, description, values, default: byDefault }: Option): string {
  const stated = byDefault === undefined ? '' : `; default: ${inline(byDefault)}`;
  return `${'  '.repeat(path.length - 1)}# ${description}${values === undefined ? '' : ` (${values}${stated})`}`;
}

/** Comments lines out, with the `#` at the depth of the outermost section without any set option. */
function commentedOut(lines: readonly string[], depth: number): string[] {
  const indent = '  '.repeat(depth);
  return lines.map((line) => (line.startsWith(`${indent}#`) ? line : `${indent}#${line.slice(indent.length)}`));
}
