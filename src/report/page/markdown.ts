import { plain } from '../printable';
import { markdownTable, type TextTable } from '../render';
import { GENERATOR } from './html';
import type { Block, Chapter, Report } from './section';

/** Renders a report as Markdown. `pictures` is the folder of its figures, relative to it. Ends with a newline. */
export function reportMarkdown({ title, notices, chapters }: Report, pictures: string): string {
  const parts = [
    `<!-- ${GENERATOR} -->`,
    `# ${inMarkdown(title)}`,
    ...notices.map(noticeMarkdown),
    ...chapters.flatMap((chapter) => chapterMarkdown(chapter, chapters.length > 1, pictures)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function chapterMarkdown({ title, sections }: Chapter, isOneOfMany: boolean, pictures: string): string[] {
  const heading = isOneOfMany ? [`## ${inMarkdown(title)}`] : [];
  const level = isOneOfMany ? '###' : '##';
  return [
    ...heading,
    ...sections.flatMap((section) => [
      `${level} ${inMarkdown(section.title)}`,
      ...section.blocks.map((block) => blockMarkdown(block, pictures)),
    ]),
  ];
}

function blockMarkdown(block: Block, pictures: string): string {
  switch (block.kind) {
    case 'text':
      return inMarkdown(block.text);
    case 'notice':
      return noticeMarkdown(block.text);
    case 'highlights':
      return block.numbers.map(([name, value]) => `${inMarkdown(name)} **${inMarkdown(value)}**`).join(' · ');
    case 'facts':
      return markdownTable(escapedTable({ head: ['', ''], rows: block.facts, texts: 2 }));
    case 'table':
      return `**${inMarkdown(block.caption)}**\n\n${markdownTable(escapedTable(block.table))}`;
    case 'figure': {
      const { name, title, description, numbers } = block.figure;
      const data = numbers.map((one) => `[${inMarkdown(one.name)}.csv](${address(pictures, `${one.name}.csv`)})`);
      return `![${inMarkdown(title)}](${address(pictures, `${name}.svg`)})\n\n**${inMarkdown(title)}.** ${inMarkdown(description)} Data: ${data.join(', ')}.`;
    }
  }
}

function noticeMarkdown(text: string): string {
  return `> **${inMarkdown(text)}**`;
}

function address(folder: string, file: string): string {
  return encodeURI(`${folder}/${file}`).replace(/[()]/g, (bracket) => (bracket === '(' ? '%28' : '%29'));
}

/** Escapes Markdown marks in a table; `markdownTable` itself escapes cell ends and HTML. */
function escapedTable({ head, rows, texts }: TextTable): TextTable {
  return { head: head.map(withoutMarks), rows: rows.map((row) => row.map(withoutMarks)), texts };
}

/** Escapes a text for one line of Markdown: no marks, links, headings or HTML. */
function inMarkdown(text: string): string {
  return withoutMarks(plain(text).replaceAll('\n', ' ')).replaceAll('<', '&lt;');
}

function withoutMarks(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/[\\`*_[\]#!~]/g, '\\$&');
}
