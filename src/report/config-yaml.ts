import { stringify } from 'yaml';
import type { Setting } from '../config/value-origins';
import { plain } from './printable';

/** Origins stand in one column, but where a value is longer than this. */
const WIDEST = 60;

/** A resolved configuration as YAML that says beside each value where it comes from. */
export function explainedYaml(settings: readonly Setting[]): string {
  const lines = settings.flatMap(({ path, value, from }, k) => [
    ...openings(path, settings[k - 1]?.path ?? []).map((text) => ({ text, from: undefined })),
    { text: yamlLine(path, value), from },
  ]);
  const width = Math.min(WIDEST, Math.max(...lines.map(({ text }) => text.length)));
  return lines
    .map(({ text, from }) => (from === undefined ? text : `${text.padEnd(width)}  # ${oneLine(from)}`))
    .join('\n');
}

/** `name: value` at its depth, the value on the same line. */
export function yamlLine(path: readonly string[], value: unknown): string {
  return `${yamlKey(path)} ${inline(value)}`;
}

/** `name:` at its depth. */
export function yamlKey(path: readonly string[]): string {
  return `${'  '.repeat(path.length - 1)}${inline(path.at(-1))}:`;
}

/** The lines that open the parts a setting stands in, but for those that the setting before it stands in too. */
function openings(path: readonly string[], before: readonly string[]): string[] {
  const shared = path.findIndex((name, k) => name !== before[k]);
  return path.flatMap((_, k) => (k >= shared && k < path.length - 1 ? [yamlKey(path.slice(0, k + 1))] : []));
}

/** A value as YAML on one line. */
export function inline(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, blockQuote: false }).trimEnd();
}

function oneLine(text: string): string {
  return plain(text).replaceAll('\n', ' ');
}
