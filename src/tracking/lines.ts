import { z } from 'zod';
import { type EnsembleResult, finite, type MemberResult, type Result } from '../store/result';

/**
 * Kinds of lines that describe a run to a tracker, each one line of JSON; `python/dsptt/tracking/stream.py` reads them.
 */
export const LINES = {
  /** First line of a run. */
  begin: z.strictObject({
    name: z.string(),
    parameters: z.record(z.string(), z.string()),
    /** Identifier that distinguishes the run from others of its name. */
    run: z.string(),
    /**
     * True if a tracker may have the first steps already: all lines are sent from the start, and the reader skips what
     * the tracker has.
     */
    resumed: z.boolean(),
  }),
  /** Values at steps of a series: the name of a network, or null for the run as a whole. */
  scalars: z.strictObject({
    series: z.string().nullable(),
    tag: z.string(),
    steps: z.array(z.int()),
    /** Null stands for a value that is not finite. */
    values: z.array(z.number().nullable()),
  }),
  text: z.strictObject({ text: z.string(), markdown: z.string() }),
  artifact: z.strictObject({ artifact: z.string(), folder: z.string().nullable() }),
  end: z.strictObject({ end: z.enum(['finished', 'unfinished']) }),
} as const;

/** A line of any kind. */
export type Line = Readonly<z.infer<(typeof LINES)[keyof typeof LINES]>>;

/** Builds the line of one curve: its values at the steps given. */
export function scalars(series: string | null, tag: string, steps: ArrayLike<number>, values: ArrayLike<number>): Line {
  return { series, tag, steps: Array.from(steps), values: Array.from(values, finite) };
}

/** Returns a configuration's settings as text, by their paths, such as `dspTt.rho1.max`. */
export function parametersOf(settings: object, prefix = ''): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [key, value] of Object.entries(settings)) {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isGroup) Object.assign(all, parametersOf(value, `${prefix}${key}.`));
    else all[`${prefix}${key}`] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return all;
}

const MEMBER = ['trainLoss', 'validationErrorPct', 'validationLoss', 'testErrorPct', 'testLoss', 'testRmse'] as const;
const ENSEMBLE = ['validationErrorPct', 'validationLoss', 'testErrorPct', 'testLoss', 'testRmse', 'ecePct'] as const;

/**
 * Returns the lines of a finished run's measurements: each network's in its own series, each ensemble's in the run's,
 * and two tables.
 */
export function resultLines(result: Result): Line[] {
  const { members, ensembles } = result;
  const own = members.flatMap((member) => numbers(member.name, 'final', member, MEMBER));
  const combined = ensembles.flatMap((ensemble) => numbers(null, ensemble.name, ensemble, ENSEMBLE));
  return [
    ...own,
    ...combined,
    { text: 'members', markdown: table(['name', 'state', ...MEMBER], members) },
    { text: 'ensembles', markdown: table(['name', 'rule', ...ENSEMBLE], ensembles) },
    { text: 'result', markdown: `The result of the run is the ensemble **${result.result}**.` },
  ];
}

function numbers<K extends string>(
  series: string | null,
  group: string,
  row: Readonly<Record<K, number | null>>,
  keys: readonly K[],
): Line[] {
  return keys.flatMap((key) =>
    row[key] === null ? [] : [{ series, tag: `${group}/${key}`, steps: [0], values: [row[key]] }],
  );
}

function table<K extends keyof MemberResult | keyof EnsembleResult>(
  keys: readonly K[],
  rows: readonly Readonly<Record<K, unknown>>[],
): string {
  const lines = rows.map((row) => keys.map((key) => cell(row[key])).join(' | '));
  return [keys.join(' | '), keys.map(() => '---').join(' | '), ...lines].map((line) => `| ${line} |`).join('\n');
}

function cell(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'number' ? String(Number(value.toPrecision(5))) : String(value).replaceAll('|', '\\|');
}
