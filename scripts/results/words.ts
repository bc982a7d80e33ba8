import { parseArgs } from 'node:util';

/** Arguments of a script of this folder: its words in order, and whether a quick trial is enough. */
export interface Words {
  readonly words: readonly string[];
  /** One seed and a few steps of each: shows that everything works, and nothing about methods. */
  readonly quick: boolean;
}

export function readWords(): Words {
  const { positionals, values } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true });
  return { words: positionals, quick: values.quick ?? false };
}
