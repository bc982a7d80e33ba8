import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './builders';

/** Words that hide the subject of a sentence: name the user, the caller or the process instead. */
const HIDING = /\b(who|whoever|somebody|nobody|anybody)\b/i;

/** Beginnings of a doc comment that is no sentence and no noun phrase of its own. */
const FRAGMENT =
  /^\s*(?:\/\*\*|""") ?(What|Whether|Of|The same|So many|How|Where|As|Those|That|Such|With|Without|Once|Their|Its|It)\b/;

const filesIn = (folder: string, ending: RegExp) =>
  fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => path.join(folder, file));

const linesThat = (files: readonly string[], pattern: RegExp) =>
  files.flatMap((file) =>
    fs
      .readFileSync(path.join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, k) => (pattern.test(line) ? [`${file}:${k + 1}: ${line.trim()}`] : [])),
  );

const sources = [
  ...filesIn('src', /\.ts$/),
  ...filesIn('python/dsptt', /\.py$/),
  ...filesIn('python/dsptt_pool', /\.py$/),
  ...filesIn('python/dsptt_worker', /\.py$/),
];

describe('words', () => {
  it('name the subject of a sentence, in sources and on pages', () => {
    const pages = ['README.md', ...filesIn('docs', /\.md$/).filter((page) => !page.startsWith('docs/api'))];
    expect(linesThat([...sources, ...pages], HIDING)).toEqual([]);
  });

  it('of a doc comment stand alone: it begins with a verb or a noun phrase', () => {
    expect(linesThat(sources, FRAGMENT)).toEqual([]);
  });
});
