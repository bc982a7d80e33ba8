import { InvalidArgumentError } from 'commander';
import { z } from 'zod';

/** Parses a whole number of zero or more. The schema checks the range. */
export function count(text: string): number {
  return wholeNumber(text, 0);
}

/** Parses a whole number of one or more. */
export function atLeastOne(text: string): number {
  return wholeNumber(text, 1);
}

function wholeNumber(text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || text.trim() === '') {
    throw new InvalidArgumentError(`must be a whole number of ${least} or more.`);
  }
  return value;
}

/** Parses a number above zero. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('must be a number above 0.');
  return value;
}

/** Parses a port; 0 means any free port. */
export function port(text: string): number {
  const value = count(text);
  if (value > 65_535) throw new InvalidArgumentError('must be 0 to 65535.');
  return value;
}

/** Parses whole numbers of zero or more, separated by commas. */
export function counts(text: string): number[] {
  return list(text).map(count);
}

/** Parses numbers, separated by commas. */
export function numbers(text: string): number[] {
  return list(text).map((part) => {
    const value = Number(part);
    if (part === '' || !Number.isFinite(value)) throw new InvalidArgumentError('must be numbers, separated by commas.');
    return value;
  });
}

/** Limit of a seed range: a larger one is a typing error. */
const MOST_SEEDS = 10_000;

/** Parses seeds: `0,2,7`, ranges such as `0-9`, or both. */
export function seeds(text: string): number[] {
  const all = list(text).flatMap((part) => {
    const [from, to = from, ...more] = part.split('-').map(count);
    if (more.length > 0 || to < from || to - from >= MOST_SEEDS)
      throw new InvalidArgumentError('must be such as 0,2 or 0-9.');
    return Array.from({ length: to - from + 1 }, (_, k) => from + k);
  });
  if (new Set(all).size < all.length) throw new InvalidArgumentError('names a seed twice.');
  return all;
}

/** Splits a list of names at commas. */
export function list(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

const amountsSchema = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('no JSON');
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.number().positive()));

/** Parses amounts by name, as JSON. */
export function amounts(text: string): Record<string, number> {
  const given = amountsSchema.safeParse(text);
  if (given.success) return given.data;
  throw new InvalidArgumentError('must be JSON such as {"accelerator_type:A100": 0.001}.');
}
