import type { Figure } from '../figures/figure';
import type { TextTable } from '../render';

/** A row of numbers that a terminal shows as a line of blocks. */
export interface Spark {
  readonly label: string;
  readonly values: readonly number[];
}

/** A part of a section, the same for every format. All its texts may come from data: who prints them escapes them. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  /** Something that the reader must know first: that a run has not finished, that a file was missing. */
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'highlights'; readonly numbers: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'table'; readonly caption: string; readonly table: TextTable }
  | { readonly kind: 'figure'; readonly figure: Figure; readonly sparks?: readonly Spark[] };

/** A part of a report on something: a pure function. To add one: a file in `sections`, and a line in its `index.ts`. */
export interface Section<Of> {
  readonly id: string;
  readonly title: string;
  /** Nothing where there is nothing to show. */
  readonly blocks: (of: Of) => readonly Block[];
}

/** A report before it is laid out in a format. */
export interface Report {
  readonly title: string;
  /** What stands above everything else. */
  readonly notices: readonly string[];
  /** Of several, those that are of one run are closed at first. */
  readonly chapters: readonly Chapter[];
}

export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly isClosed: boolean;
  readonly sections: readonly { readonly id: string; readonly title: string; readonly blocks: readonly Block[] }[];
}

/** The sections that have something to show; `prefix` goes before the names of figures and their files. */
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

/** Files of two runs' figures lie in one folder. */
function under(prefix: string, block: Block): Block {
  if (block.kind !== 'figure') return block;
  const { figure } = block;
  const numbers = figure.numbers.map((one) => ({ ...one, name: `${prefix}${one.name}` }));
  return { ...block, figure: { ...figure, name: `${prefix}${figure.name}`, numbers } };
}
