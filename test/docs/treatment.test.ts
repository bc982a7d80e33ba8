import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../builders';
import { blocksOf, MARKS, PAGES } from './blocks';
import { ELSEWHERE, MEASURED } from './elsewhere';
import { TREATED } from './treatment';

const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');

describe('the commands of README and docs', () => {
  it('are all run by a test, or marked: to add one, let it be run in test/docs, or name the test in elsewhere.ts', () => {
    const untreated = TREATED.filter(({ treatment }) => treatment.kind === 'none');
    expect(untreated.map(({ page, line, text }) => `${page}:${line} ${text}`)).toEqual([]);
    expect(TREATED.filter(({ treatment }) => treatment.kind === 'command').length).toBeGreaterThan(30);
  });

  it.each(ELSEWHERE.map((one) => [String(one.lines), one] as const))(
    'are run by the test that is named for %s',
    (_lines, { test, says }) => {
      expect(read(test)).toContain(says);
    },
  );

  it('are what the exceptions are made for: none of them is left over', () => {
    const exceptions = [...ELSEWHERE.map(({ lines }) => lines), ...MEASURED];
    const idle = exceptions.filter((lines) => !TREATED.some(({ text }) => lines.test(text)));
    expect(idle).toEqual([]);
  });

  const tests = TREATED.flatMap(({ treatment, text }) =>
    treatment.kind === 'one test' ? [[text, treatment] as const] : [],
  );

  it.each(tests)('name tests that exist: %s', (_text, { file, name }) => {
    const [found] = [file, `${file}.test.ts`].filter((one) => fs.existsSync(path.join(ROOT, one)));
    expect(read(found)).toContain(name ?? '');
  });
});

describe('the marks of blocks in README and docs', () => {
  const marked = PAGES.flatMap(blocksOf).filter(({ marks }) => marks.length > 0);

  it.each(marked.map((block) => [`${block.page}:${block.line}`, block] as const))(
    'are known, and their reason stands beside the block: %s',
    (_place, { marks, text, around }) => {
      for (const mark of marks) {
        expect(Object.keys(MARKS)).toContain(mark);
        expect(`${text}${around}`).toMatch(MARKS[mark].said);
      }
    },
  );
});
