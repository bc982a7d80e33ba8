import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { UsageError } from '../../errors';
import { composeReport, figureFiles, reportHtml, reportMarkdown, reportText } from '../../report/page';
import { GENERATOR } from '../../report/page/html';
import { plain } from '../../report/printable';
import { reportRuns } from '../../report/read-runs';
import { writeFiles } from '../../store/disk/files';

const FORMATS = ['html', 'markdown', 'terminal'] as const;

interface Flags {
  readonly out?: string;
  readonly format?: (typeof FORMATS)[number];
  readonly figures?: string;
  readonly title?: string;
}

const EXAMPLES = `
Examples:
  dsptt report runs/first                                     one page: report.html
  dsptt report runs/digits-compare --out compare.html         all the runs of a folder, compared
  dsptt report runs/first --out first.md                      Markdown, its pictures beside it
  dsptt report runs/first --format terminal`;

/** Defines `dsptt report RUN...`: it writes the results of runs as one page that can be passed on. */
export function reportCommand(command: Command): void {
  command
    .argument('<runs...>', 'run directories, or folders of runs and of comparisons')
    .option('--out <file>', 'file to write (default: report.html or report.md)')
    .addOption(new Option('--format <format>', "output format (default: by --out's extension)").choices(FORMATS))
    .option(
      '--figures <dir>',
      'also write each chart as SVG and its data as CSV here (Markdown: FILE-figures by default)',
    )
    .option('--title <title>', 'title of the page (default: what the runs are of)')
    .addHelpText('after', EXAMPLES)
    .action(execute);
}

async function execute(directories: readonly string[], flags: Flags): Promise<void> {
  const format = flags.format ?? formatOf(flags.out);
  const out = flags.out ?? (format === 'terminal' ? null : `report.${format === 'html' ? 'html' : 'md'}`);
  if (out !== null) await mustBeOurs(out);
  const { runs, comparison, notices } = await reportRuns(directories);
  for (const notice of notices) process.stderr.write(`${plain(notice)}\n`);
  const report = composeReport({ runs, comparison, title: flags.title });
  const figures = flags.figures ?? (format === 'markdown' && out !== null ? besides(out) : null);
  if (figures !== null) await writeFiles(figures, await figureFiles(report));
  if (out === null) {
    process.stdout.write(reportText(report));
    return;
  }
  const pictures = figures === null ? '.' : relative(dirname(resolve(out)), resolve(figures)) || '.';
  const content =
    format === 'html'
      ? await reportHtml(report)
      : format === 'markdown'
        ? reportMarkdown(report, pictures)
        : reportText(report);
  await writeFiles(dirname(out), { [basename(out)]: content });
  process.stdout.write(`Report: ${plain(out)}\n${figures === null ? '' : `Figures: ${plain(figures)}\n`}`);
}

function formatOf(out: string | undefined): (typeof FORMATS)[number] {
  if (out === undefined) return 'html';
  const ending = extname(out).toLowerCase();
  if (ending === '.html' || ending === '.htm') return 'html';
  if (ending === '.md' || ending === '.markdown') return 'markdown';
  throw new UsageError(`--out ${out} ends neither in .html nor in .md: choose a --format (${FORMATS.join(', ')})`);
}

/** Returns the default folder of a Markdown file's pictures. */
function besides(out: string): string {
  return join(dirname(out), `${basename(out, extname(out))}-figures`);
}

const HEAD_BYTES = 2048;

/**
 * Refuses to overwrite a file that is not a report of dsptt.
 * @throws UsageError if it exists and is not one
 */
async function mustBeOurs(out: string): Promise<void> {
  if (!existsSync(out)) return;
  const file = await open(out, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    if (buffer.toString('utf8', 0, bytesRead).includes(GENERATOR)) return;
  } finally {
    await file.close();
  }
  throw new UsageError(`${out} exists already, and is no report of dsptt: name another file with --out, or remove it`);
}
