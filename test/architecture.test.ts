import fs from 'node:fs';
import path from 'node:path';

const src = path.resolve(__dirname, '..', 'src');

/** Folders whose files decide, and take every effect from outside. */
const PURE = ['trust-tech', 'closed-form', 'methods', 'ensemble', 'config'];

const filesIn = (folder: string) =>
  fs
    .readdirSync(path.join(src, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(folder, file));
const files = [...PURE.flatMap(filesIn), 'schedules.ts', path.join('comparison', 'statistics.ts')];

/** Folders whose files may read the monotonic clock only: a clock that is set back would end a wait too early, or never. */
const MONOTONIC = ['bridge', 'run/durable', 'store', 'trust-tech', 'methods', 'executor'];

/** The file without its comments; what looks like one inside a string stays. */
function codeOf(file: string): string {
  const tokens = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return fs.readFileSync(path.join(src, file), 'utf8').replace(tokens, (_all, text: string | undefined) => text ?? '');
}

describe('the middle of the program', () => {
  it('is there', () => {
    for (const folder of [...PURE, ...MONOTONIC]) expect(filesIn(folder).length).toBeGreaterThan(0);
  });

  it.each(files)('takes no clock, unseeded randomness, file or process of its own: %s', (file) => {
    const effects = /\bMath\.random\b|\b(Date|performance|setTimeout|setInterval|setImmediate|process)\b|\bnode:fs\b/;
    expect(effects.exec(codeOf(file))?.[0]).toBeUndefined();
  });
});

describe('what waits, watches or counts time', () => {
  it.each(MONOTONIC.flatMap(filesIn))('looks at no clock that can be set: %s', (file) => {
    expect(/\bDate\b/.exec(codeOf(file))?.[0]).toBeUndefined();
  });
});

describe('names of streams, paths, traces and phases', () => {
  /** Where one begins or ends, in a string, a template or a pattern. */
  const spelled = [
    /[`'"^](init|data|pick|probe|direction|segment|statistics)\\?\/(\$\{|tier|los|training|member)/,
    /[`'"^](descent|search)-(\$\{|tier|training|$)/m,
    /[`'"^](tier[1-9]|(tier|los|member)(\$\{|\())/,
    /-(tuned|averaged|verified|average\$\{\w+\})[`'"$]|\}-search`/,
    /search of (tier )?\$\{/,
  ];

  it('are spelled in one file', () => {
    const spelling = filesIn('.').filter((file) => spelled.some((pattern) => pattern.test(codeOf(file))));
    expect(spelling).toEqual([path.join('trust-tech', 'names.ts')]);
  });
});
