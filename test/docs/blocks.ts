import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../builders';

/** A fenced block of a page: `language mark`, such as `sh gpu`, and its text. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly marks: readonly string[];
  readonly text: string;
}

/** The pages that people read, but for those that are generated. */
export const PAGES = ['README.md', ...pagesIn('docs'), ...pagesIn('docs/results')];

/** All fenced blocks of a page. */
export function blocksOf(page: string): Block[] {
  const text = fs.readFileSync(path.join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```(\S+)(.*)\n([\s\S]*?)^```$/gm)].map(({ 1: language, 2: marks, 3: inner, index }) => ({
    page,
    line: text.slice(0, index).split('\n').length,
    language,
    marks: marks.split(' ').filter((mark) => mark !== ''),
    text: inner,
  }));
}

/** The command lines of `dsptt` in a block of shell, with its variables, without what stands before and behind them. */
export function commandsOf({ text }: Block): string[] {
  const variables = text.matchAll(/^(\w+)="(.*)"$/gm);
  const whole = [...variables].reduce((known, [, name, value]) => known.replaceAll(`$${name} `, `${value} `), text);
  const lines = whole.replaceAll('\\\n', ' ').split('\n');
  return lines.flatMap((line) => {
    const [, command] = /^(?:[A-Z_]+=\S+ )*npx (?:--no )?dsptt (.+)$/.exec(line.trim()) ?? [];
    return command === undefined ? [] : [command.replace(/\s+#.*$/, '').replace(/\s+(?:>|\||&&|&).*$/, '')];
  });
}

function pagesIn(folder: string): string[] {
  const names = fs.readdirSync(path.join(ROOT, folder)).filter((name) => name.endsWith('.md'));
  return names.map((name) => `${folder}/${name}`);
}
