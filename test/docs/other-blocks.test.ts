import fs from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { scripts } from '../../package.json';
import { resolveConfig } from '../../src/config/resolve';
import { ROOT } from '../builders';
import { argumentsOf, type Block, blocksOf, PAGES } from './blocks';
import { TREATED } from './treatment';

const blocks = PAGES.flatMap(blocksOf);

/** Languages whose blocks have tests of their own, and pictures and output. */
const ELSEWHERE = ['ts', 'python', 'mermaid', 'text'];

describe('blocks of README and docs', () => {
  it('are in languages that a test looks at', () => {
    const others = blocks.filter(({ language }) => ![...ELSEWHERE, 'sh', 'yaml'].includes(language));
    expect(others.map(({ page, line, language }) => `${page}:${line} ${language}`)).toEqual([]);
  });
});

it('README fits three screens of fifty lines', () => {
  expect(fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
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
  const others = TREATED.filter(({ text, treatment }) => argumentsOf(text) === null && treatment.kind !== 'one test');
  const lines = others.map(({ page, line, text }) => [`${page}:${line}`, text] as const);

  it('are found', () => expect(lines.map(([, command]) => command)).toContain('npm test'));

  it.each(lines)('start something that exists: %s: %s', (_place, command) => {
    const [program, ...words] = command.split(/\s+/);
    if (program === 'npm' && words[0] === 'run') expect(Object.keys(scripts)).toContain(words[1]);
    else if (program === 'npx') expect(fs.existsSync(path.join(ROOT, words[words.indexOf('-T') + 1]))).toBe(true);
    else if (program.startsWith('scripts/')) expect(fs.statSync(path.join(ROOT, program)).mode & 0o111).not.toBe(0);
    else if (words[0]?.startsWith('scripts/')) expect(fs.existsSync(path.join(ROOT, words[0]))).toBe(true);
    else if (program === 'python')
      expect(['-m dsptt_worker', '-m dsptt', 'unpack.py cifar10']).toContain(words.slice(0, 2).join(' '));
    else expect(['npm', 'scp', 'tar', 'dsptt-gpu/accept']).toContain(program);
  });
});
