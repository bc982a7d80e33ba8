import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../builders';

/** A reason for which a test cannot run a block's commands as they stand. */
interface Mark {
  readonly why: string;
  /** What must be said in the block or beside it, as a mark cannot be seen on a page. */
  readonly said: RegExp;
}

/** What may stand behind a fence's language. */
export const MARKS: Readonly<Record<string, Mark>> = {
  gpu: { why: 'needs a GPU: a test runs it smaller on a CPU, or one on a GPU does the same', said: /GPU|CUDA/ },
  long: {
    why: 'takes minutes to days: a test runs it smaller, or another test does the same',
    said: /minutes?|hours?|days?|runs|pairs|rounds/,
  },
  machine: { why: 'is for another machine, or needs one: a test has both ends on this one', said: /machine|there/ },
};

/** A fenced block of a page: `language mark`, such as `sh gpu`, and its text; or a command between backticks in a line. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly marks: readonly string[];
  readonly text: string;
  /** The paragraphs before and behind it. */
  readonly around: string;
}

/** The pages that people read, but for those that are generated. */
export const PAGES = ['README.md', ...pagesIn('docs'), ...pagesIn('docs/decisions'), ...pagesIn('docs/results')];

const FENCED = /^```(\S*)(.*)\n([\s\S]*?)^```$/gm;
const INLINE = /`((?:[A-Z_]+=\S+ )*(?:npx|npm|dsptt|pytest|python)\s[^`]+)`/g;
/** A command's name alone, help, and forms that stand for many commands: nothing that could be run as it stands. */
const NO_COMMAND = /^dsptt \S+$|--help$|\.\.\.|\[|\b(?:COMMAND|NAMES?)\b/;

/** All fenced blocks of a page. */
export function blocksOf(page: string): Block[] {
  const text = read(page);
  return [...text.matchAll(FENCED)].map(({ 0: whole, 1: language, 2: marks, 3: inner, index }) => {
    const [before, behind] = [text.slice(0, index).trimEnd(), text.slice(index + whole.length).trimStart()];
    return {
      page,
      line: lineAt(text, index),
      language,
      marks: marks.split(' ').filter((mark) => mark !== ''),
      text: inner,
      around: `${before.split('\n\n').at(-1)}\n${behind.split('\n\n')[0]}`,
    };
  });
}

/** The blocks of shell of a page, and the commands within its lines, in the page's order. */
export function shellOf(page: string): Block[] {
  const prose = read(page).replace(FENCED, (whole) => whole.replace(/[^\n]/g, ''));
  const inline = [...prose.matchAll(INLINE)].map(({ 1: text, index }) => ({
    page,
    line: lineAt(prose, index),
    language: 'sh',
    marks: [],
    text: text.replace(/\s+/g, ' '),
    around: '',
  }));
  const fenced = blocksOf(page).filter(({ language }) => language === 'sh');
  return [...fenced, ...inline.filter(({ text }) => !NO_COMMAND.test(text))].sort((a, b) => a.line - b.line);
}

/** The command lines in a block of shell, with its variables, without what stands before and behind them. */
export function linesOf({ text }: Block): string[] {
  const variables = text.matchAll(/^(\w+)="(.*)"$/gm);
  const whole = [...variables].reduce((known, [, name, value]) => known.replaceAll(`$${name} `, `${value} `), text);
  const commands = whole.replaceAll('\\\n', ' ').split(/\n|&&/);
  const bare = commands.map((line) => line.trim().replace(/(?:^|\s+)#.*$/, ''));
  return bare
    .filter((line) => line !== '' && !/^\w+=".*"$/.test(line))
    .map((line) => line.replace(/^(?:[A-Z_]+=\S+ )+/, ''));
}

/** The arguments of a command line of `dsptt`; null for another one. */
export function argumentsOf(line: string): string | null {
  return /^(?:npx (?:--no )?)?dsptt (.+)$/.exec(line)?.[1] ?? null;
}

function read(page: string): string {
  return fs.readFileSync(path.join(ROOT, page), 'utf8');
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function pagesIn(folder: string): string[] {
  const names = fs.readdirSync(path.join(ROOT, folder)).filter((name) => name.endsWith('.md'));
  return names.map((name) => `${folder}/${name}`);
}
