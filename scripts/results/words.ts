import { parseArgs } from 'node:util';

/** What a script of this folder was asked for: words in their order, and whether a look in seconds is enough. */
export interface Words {
  readonly words: readonly string[];
  /** One seed and a few steps of each: shows that everything works, and nothing about methods. */
  readonly quick: boolean;
}

export function readWords(): Words {
  const { positionals, values } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true });
  return { words: positionals, quick: values.quick ?? false };
}
