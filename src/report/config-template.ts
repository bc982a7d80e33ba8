import type { Option } from '../config/option-tree';
import { DEFAULT, valueAt } from '../config/resolve';
import type { Setting } from '../config/value-origins';
import { inline, yamlKey, yamlLine } from './config-yaml';

/**
 * A resolved configuration as a file to begin with: what was set as YAML, and every other one of the options with its
 * default as a comment, which becomes a setting where its `#` is removed. Each is preceded by what it means.
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

/** The lines with a `#` at the depth of the outermost part that holds nothing set. */
function commentedOut(lines: readonly string[], depth: number): string[] {
  const indent = '  '.repeat(depth);
  return lines.map((line) => (line.startsWith(`${indent}#`) ? line : `${indent}#${line.slice(indent.length)}`));
}
