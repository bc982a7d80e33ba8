import { wordsOf } from '../cli/dry-program';
import { CommandLine } from '../cli/dsptt';
import { PAGES as ALL_PAGES, blocksOf } from './blocks';
import { makeFiles } from './files';
import { TREATED } from './treatment';

const commandsOn = (page: string) =>
  TREATED.flatMap((one) => (one.page === page && one.treatment.kind === 'command' ? [one.treatment.args] : []));

/** Pages that speak of runs/first have a folder each; the others share one, and a process. */
const PAGES = [...new Set(TREATED.map(({ page }) => page))].filter((page) => commandsOn(page).length > 0);
const isAlone = (page: string) => commandsOn(page).some((command) => command.includes('runs/first'));
const GROUPS = [...PAGES.filter(isAlone).map((page) => [page]), PAGES.filter((page) => !isAlone(page))];

/** What a page supposes to have been run before. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  'docs/report.md': ['compare --preset digits --methods dsp-tt,fge --seeds 0-1 --out runs/digits-compare'],
};

/** Whatever trains takes fewer steps, at a pace that fits them; what only reads is as it stands. */
function quick(command: string): string[] {
  const words = wordsOf(command);
  if (/^run .*--preset cifar/.test(command)) return [...withoutData(words), ...SMOKE, ...SMALL_NETWORK];
  if (/^run .*--config/.test(command)) return [...words, ...SHORT, ...SMALL_NETWORK];
  if (/^run .*--preset wine|fullTrain|averageMembers/.test(command)) return [...words, ...SMOKE];
  if (/^(compare|sweep) /.test(command)) return [...words, ...SMOKE, '--seeds', '0,1'];
  if (command === 'verify-exit runs/first') return [...words, '--quiet', '--steps', '100', '--samples', '1'];
  if (!command.startsWith('run --preset digits')) return words;
  return [...words, ...CALM, '--budget', '400', '--set', 'dspTt.rho1.increment=0.05'];
}

/** One thread: of several that share their cores with other work, each waits for the others. */
const CALM = ['--quiet', '--threads', '1'];
const SHORT = [...CALM, '--budget', '100', '--set', 'dspTt.rho1.increment=0.2'];
const SMOKE = [...CALM, '--scale', 'smoke', '--budget', '24'];
const SMALL_NETWORK = ['--set', 'model.args.depth=8', '--set', 'model.args.width=4'];

/** At scale smoke there is an excerpt in the place of a data set that one has to have. */
function withoutData(words: readonly string[]): string[] {
  const at = words.indexOf('--data-dir');
  return at === -1 ? [...words] : [...words.slice(0, at), ...words.slice(at + 2)];
}

describe.each(GROUPS.map((pages) => [pages.join(', '), pages] as const))('%s', (_names, pages) => {
  const cli = new CommandLine();

  it('shows commands that do what it says, in the order in which it shows them', async () => {
    const takesFiles = pages.flatMap(commandsOn).some((command) => command.includes('--config'));
    makeFiles(cli.directory, takesFiles ? ALL_PAGES.flatMap(blocksOf) : []); // README's `init` makes one of that name
    const lines = pages.flatMap((page) => {
      const commands = [...(BEFORE[page] ?? []), ...commandsOn(page)];
      const first = commands.find((command) => /runs\/first/.test(command));
      const needsRun = first !== undefined && !first.startsWith('run');
      return [...(needsRun ? ['run --preset digits --out runs/first'] : []), ...commands];
    });
    const ran = await cli.runInOneProcess(fresh(lines).map(quick));
    const ended = ran.map(({ code, stderr }, k) => [lines[k], code, code === 0 ? '' : stderr]);
    expect(ended).toEqual(lines.map((line) => [line, 0, '']));
    const outs = lines.flatMap((line) => / --out (\S+)/.exec(line)?.[1] ?? []);
    expect(outs.filter((out) => !cli.has(out))).toEqual([]);
  }, 600_000);
});

/** A page may begin the same run twice, under other circumstances: then it goes into a directory of its own. */
function fresh(lines: readonly string[]): string[] {
  const seen = new Set<string>();
  return lines.map((line, k) => {
    const [, out] = / --out (runs\/\S+)/.exec(line) ?? [];
    if (out === undefined || line.includes('--resume') || !seen.has(out)) {
      if (out !== undefined) seen.add(out);
      return line;
    }
    return line.replace(out, `${out}-${k}`);
  });
}
