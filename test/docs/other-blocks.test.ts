import fs from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { scripts } from '../../package.json';
import { resolveConfig } from '../../src/config/resolve';
import { ROOT } from '../builders';
import { type Block, blocksOf, PAGES } from './blocks';

const blocks = PAGES.flatMap(blocksOf);

/** Languages whose blocks have tests of their own, and pictures. */
const ELSEWHERE = ['ts', 'python', 'mermaid'];

describe('blocks of README and docs', () => {
  it('are in languages that a test looks at', () => {
    const others = blocks.filter(({ language }) => ![...ELSEWHERE, 'sh', 'yaml'].includes(language));
    expect(others.map(({ page, line, language }) => `${page}:${line} ${language}`)).toEqual([]);
  });
});

describe('the configurations in README and docs', () => {
  const parts = blocks.filter(({ language }) => language === 'yaml').flatMap(partsOf);

  it('are found', () => expect(parts.length).toBeGreaterThan(4));

  it.each(parts)('are ones that a run takes: %s', (_place, text) => {
    const document = parseDocument(text);
    expect(document.errors).toEqual([]);
    const layers = [
      { from: 'base', values: { preset: 'digits', method: 'dsp-tt' } },
      { from: 'docs', values: document.toJS() },
    ];
    expect(() => resolveConfig(layers)).not.toThrow();
  });
});

/** A block that says the same key several times shows alternatives, a line each. */
function partsOf({ page, line, text }: Block): [string, string][] {
  const isWhole = parseDocument(text).errors.length === 0;
  const parts = isWhole ? [text] : text.split('\n').filter((one) => one.trim() !== '');
  return parts.map((part, k) => [`${page}:${line + k}`, part]);
}

describe('the other command lines of README and docs', () => {
  const lines = blocks.filter(({ language }) => language === 'sh').flatMap(otherLinesOf);

  it('are found', () => expect(lines.map(([, command]) => command)).toContain('npm test'));

  it.each(lines)('start something that exists: %s: %s', (_place, command) => {
    const [program, ...words] = command.split(/\s+/);
    if (program === 'npm' && words[0] === 'run') expect(Object.keys(scripts)).toContain(words[1]);
    else if (program === 'npx') expect(fs.existsSync(path.join(ROOT, words[words.indexOf('-T') + 1]))).toBe(true);
    else if (program.startsWith('scripts/')) expect(fs.statSync(path.join(ROOT, program)).mode & 0o111).not.toBe(0);
    else if (program === 'python') expect(words.slice(0, 2)).toEqual(['-m', 'dsptt_worker']);
    else expect(['npm', 'scp', 'tar', 'dsptt-gpu/accept']).toContain(program);
  });
});

/** Commands that are not those of `dsptt`. */
function otherLinesOf({ page, line, text }: Block): [string, string][] {
  const commands = text
    .replaceAll('\\\n', ' ')
    .split(/\n|&&/)
    .map((one) => one.replace(/\s*#.*$/, '').trim());
  const others = commands.filter((one) => one !== '' && !/^([A-Z_]+=\S+ )*npx (--no )?dsptt |^[A-Z]+=/.test(one));
  return others.map((one) => [`${page}:${line}`, one]);
}
