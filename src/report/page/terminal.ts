import pc from 'picocolors';
import { fixed } from '../format';
import { plain } from '../printable';
import { terminalTable } from '../render';
import { wrapped } from '../wrap';
import type { Block, Chapter, Report, Spark } from './section';
import { sparkline } from './sparkline';

/** Renders a report for a terminal: tables, and figures as words and lines of blocks. Ends with a newline. */
export function reportText({ title, notices, chapters }: Report): string {
  const parts = [
    pc.bold(plain(title)),
    ...notices.map(noticeText),
    ...chapters.flatMap((one) => chapterText(one, chapters.length > 1)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function chapterText({ title, sections }: Chapter, isOneOfMany: boolean): string[] {
  const heading = isOneOfMany ? [pc.bold(pc.underline(plain(title)))] : [];
  return [
    ...heading,
    ...sections.flatMap((section) => [pc.bold(plain(section.title)), ...section.blocks.map(blockText)]),
  ];
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return wrapped(block.text);
    case 'notice':
      return noticeText(block.text);
    case 'highlights':
      return pairsText(block.numbers);
    case 'facts':
      return pairsText(block.facts);
    case 'table':
      return `${plain(block.caption)}\n${terminalTable({ ...block.table, head: block.table.head.map(plain) })}`;
    case 'figure': {
      const { figure, sparks = [] } = block;
      return [wrapped(figure.title), ...sparksText(sparks), wrapped(figure.description)].join('\n');
    }
  }
}

function pairsText(pairs: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${plain(name).padEnd(width)}  ${plain(value)}`).join('\n');
}

function sparksText(sparks: readonly Spark[]): string[] {
  const width = Math.max(0, ...sparks.map(({ label }) => label.length));
  return sparks.map(({ label, values }) => {
    const ends = `${fixed(values[0], 4)} to ${fixed(values.at(-1), 4)}`;
    return `  ${plain(label).padEnd(width)}  ${sparkline(values)}  ${ends}`;
  });
}

function noticeText(text: string): string {
  return pc.yellow(wrapped(text));
}
