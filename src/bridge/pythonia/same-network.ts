import { z } from 'zod';
import { ConfigError } from '../../errors';

/** A tensor of a network's state at the hand-over: its shape and type, and a digest of its values. */
export const stateEntry = z.strictObject({ name: z.string(), form: z.string(), sha256: z.string() });
export type StateEntry = z.infer<typeof stateEntry>;

/**
 * Compares the network that a factory has built with the one of its first call.
 * @throws ConfigError that names the difference
 */
export function checkSameNetwork(first: readonly StateEntry[], now: readonly StateEntry[]): void {
  const [before, after] = [first, now].map((entries) => new Map(entries.map((entry) => [entry.name, entry])));
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const difference = differenceOf(before.get(name), after.get(name));
    if (difference === undefined) continue;
    throw new ConfigError(
      `the factory has built another network than at the first start: ${name} ${difference}; a factory is called at ` +
        'every start of a worker and must build the same network with the same weights each time',
    );
  }
}

function differenceOf(first: StateEntry | undefined, now: StateEntry | undefined): string | undefined {
  if (now === undefined) return 'is missing';
  if (first === undefined) return 'is new';
  if (first.form !== now.form) return `is ${now.form}, it was ${first.form}`;
  return first.sha256 === now.sha256 ? undefined : 'has other values';
}
