import type { Figure } from '../figures/figure';
import type { TextTable } from '../render';

/** Row of numbers that a terminal shows as a line of blocks. */
export interface Spark {
  readonly label: string;
  readonly values: readonly number[];
}

/** Part of a section, the same for every format. Its texts may come from data: each format must escape them. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  /** Warning that the reader must see first, such as an unfinished run or a missing file. */
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'highlights'; readonly numbers: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'table'; readonly caption: string; readonly table: TextTable }
  | { readonly kind: 'figure'; readonly figure: Figure; readonly sparks?: readonly Spark[] };

/** Part of a report: a pure function of its subject. To add one: a file in `sections` and a line in its `index.ts`. */
export interface Section<Of> {
  readonly id: string;
  readonly title: string;
  /** Returns no blocks if the subject has no data for this section. */
  readonly blocks: (of: Of) => readonly Block[];
}

/** Report before it is laid out in a format. */
export interface Report {
  readonly title: string;
  /** Warnings above all chapters. */
  readonly notices: readonly string[];
  /** Chapters of single runs start collapsed if the report covers several runs. */
  readonly chapters: readonly Chapter[];
}

export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly isClosed: boolean;
  readonly sections: readonly { readonly id: string; readonly title: string; readonly blocks: readonly Block[] }[];
}

/** Builds a chapter from its non-empty sections. `prefix` is prepended to the names of figures and their files. */
export function chapterOf<Of>(
  { prefix, ...chapter }: Pick<Chapter, 'id' | 'title' | 'isClosed'> & { readonly prefix: string },
  sections: readonly Section<Of>[],
  of: Of,
): Chapter {
  const own = sections.map(({ id, title, blocks }) => ({
    id: `${chapter.id}-${id}`,
    title,
    blocks: blocks(of).map((block) => under(prefix, block)),
  }));
  return { ...chapter, sections: own.filter(({ blocks }) => blocks.length > 0) };
}

/** Prefixes a figure's name and its numbers' names, because the figures of all runs share one folder. */
function under(prefix: string, block: Block): Block {
  if (block.kind !== 'figure') return block;
  const { figure } = block;
  const numbers = figure.numbers.map((one) => ({ ...one, name: `${prefix}${one.name}` }));
  return { ...block, figure: { ...figure, name: `${prefix}${figure.name}`, numbers } };
}
