import { z } from 'zod';
import { FEWEST_PAIRS, type PairedRatio } from './measure/pairs';

/** Options of a bench. */
export interface BenchOptions {
  /** Fewer pairs and shorter programs: minutes in all. */
  readonly quick: boolean;
  /** Interleaved pairs; a bench may run fewer if one takes long, and its row then has that number. */
  readonly pairs: number;
  /** `cpu`, `cuda` or `cuda:N`. */
  readonly device: string;
}

/** One comparison: a ratio with its median and 95 % interval, and the numbers behind it. */
export const rowSchema = z.strictObject({
  name: z.string().min(1),
  ratio: z.number(),
  low: z.number(),
  high: z.number(),
  /** Target such as `<= 1.05`; null: the number is only shown. */
  target: z
    .string()
    .regex(/^[<>]= \d+(\.\d+)?$/)
    .nullable(),
  /**
   * False only if the 95 % interval lies wholly beyond the target, and so never with few pairs; null without a target.
   */
  met: z.boolean().nullable(),
  pairs: z.int().min(1),
  /** Absolute numbers behind the ratio, with their units in their names. */
  absolute: z.record(z.string(), z.union([z.number(), z.string()])),
});
export type Row = z.infer<typeof rowSchema>;

/** A bench: a file beside this one, and a line in `benches.ts`. */
export interface Bench {
  readonly name: string;
  /** Description of what its ratios compare. */
  readonly compares: string;
  readonly run: (options: BenchOptions) => Promise<Row[]>;
}

/** A limit from one side. */
export interface Target {
  readonly is: 'atMost' | 'atLeast';
  readonly value: number;
}

export const atMost = (value: number): Target => ({ is: 'atMost', value });
export const atLeast = (value: number): Target => ({ is: 'atLeast', value });

/**
 * Returns a row from its interval, which decides whether the target is met. With too few pairs a row never counts as
 * missed, unless the ratio `isExact`, which no further pair would change.
 */
export function rowOf(
  name: string,
  interval: PairedRatio & { readonly isExact?: boolean },
  target: Target | null,
  absolute: Row['absolute'],
): Row {
  const { median: ratio, low, high, pairs, isExact = false } = interval;
  const isJudged = isExact || pairs >= FEWEST_PAIRS;
  const met = target && (!isJudged || (target.is === 'atMost' ? low <= target.value : high >= target.value));
  const written = target && `${target.is === 'atMost' ? '<=' : '>='} ${Number(target.value.toFixed(4))}`;
  return rowSchema.parse({ name, ratio, low, high, target: written, met, pairs, absolute });
}
