import { stringify } from 'yaml';
import type { Setting } from '../config/value-origins';
import { plain } from './printable';

/** Column limit for aligning the origins; longer values push theirs to the right. */
const WIDEST = 60;

/** Renders a resolved configuration as YAML with the origin of each value beside it. */
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

/** Renders `name: value`, indented to its depth, the value on the same line. */
export function yamlLine(path: readonly string[], value: unknown): string {
  return `${yamlKey(path)} ${inline(value)}`;
}

/** Renders `name:`, indented to its depth. */
export function yamlKey(path: readonly string[]): string {
  return `${'  '.repeat(path.length - 1)}${inline(path.at(-1))}:`;
}

/** Returns the header lines of a setting's sections, except those shared with the setting before it. */
function openings(path: readonly string[], before: readonly string[]): string[] {
  const shared = path.findIndex((name, k) => name !== before[k]);
  return path.flatMap((_, k) => (k >= shared && k < path.length - 1 ? [yamlKey(path.slice(0, k + 1))] : []));
}

/** Renders a value as YAML on one line. */
export function inline(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, blockQuote: false }).trimEnd();
}

function oneLine(text: string): string {
  return plain(text).replaceAll('\n', ' ');
}
