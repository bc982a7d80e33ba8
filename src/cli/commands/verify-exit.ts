import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { DataError, UsageError } from '../../errors';
import { exitVerificationFigure } from '../../report/figures/exit-verification';
import { writeFigure } from '../../report/figures/write';
import {
  barriersTable,
  exitCheckTable,
  exitCheckWords,
  optimumCheckTable,
  optimumCheckWords,
} from '../../report/verification';
import { wrapped } from '../../report/wrap';
import { storedConfig } from '../../run/places';
import { mustBeTrusted } from '../../run/resume';
import { Session } from '../../run/session/session';
import { isOptimaRun, readAnalyticConfig, readOptima } from '../../store/optima';
import { readResult } from '../../store/run-directory';
import { measureBarriers } from '../../verification/barriers';
import { optimumNumbers, optimumView, verifyOptimum } from '../../verification/closed-form';
import { verifyExit } from '../../verification/verify-exit';
import { atLeastOne, count, positive } from '../flags/parsers';
import { interruptible } from '../interrupt';
import { mustBeOneRun } from '../one-run';

interface Flags {
  readonly path?: string;
  readonly optimum?: number;
  readonly by: 'auto' | 'integration' | 'barrier';
  readonly samples: number;
  readonly steps: number;
  readonly stepSize: number;
  readonly projection: 'random' | 'plane';
  readonly device?: string;
  readonly trustCode?: boolean;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Largest number of parameters at which a network is integrated by default. */
const SMALL = 10_000;

/** Defines `dsptt verify-exit RUN`: it checks whether an exit point separates two optima (section 5.1, figure 3c). */
export function verifyExitCommand(command: Command): void {
  command
    .argument('<run>', 'run directory of a finished dsp-tt run')
    .option('--optimum <n>', 'on closed-form objectives: optimum whose exit is verified; the first by default', count)
    .option('--path <name>', 'path whose exit is verified; the first that exited by default')
    .addOption(
      new Option('--by <check>', 'integration (small networks), or the barriers between members (deep ones)')
        .choices(['auto', 'integration', 'barrier'])
        .default('auto'),
    )
    .option('--samples <n>', 'points of the path on each side', atLeastOne, 4)
    .option('--steps <n>', 'integration steps from each point', atLeastOne, 50_000)
    .option('--step-size <h>', 'length of an integration step', positive, 0.01)
    .addOption(
      new Option('--projection <kind>', 'two random directions, or the plane of the two ends and the exit point')
        .choices(['random', 'plane'])
        .default('random'),
    )
    .option('--device <device>', "auto, cpu, cuda or cuda:N; the run's own by default")
    .option('--trust-code', "import the model code that the run's config.json names")
    .option('--out <dir>', 'folder for the picture and its numbers (default: RUN/verify-exit)')
    .option('--json', 'print what was found as JSON on standard output')
    .option('--quiet', 'print no progress')
    .addHelpText('after', '\nExample:\n  dsptt verify-exit runs/wine-quality-dsp-tt-0 --projection plane')
    .action(execute);
}

async function execute(path: string, flags: Flags): Promise<void> {
  mustBeOneRun(path);
  if (await isOptimaRun(path)) return byFlow(path, flags);
  if (flags.optimum !== undefined) throw new UsageError('--optimum is for closed-form objectives: give --path');
  const result = await readResult(path);
  const stored = await storedConfig(path, {});
  mustBeTrusted(path, stored, flags);
  const config = flags.device === undefined ? stored : { ...stored, device: flags.device };
  const run = { path, result, config };
  const integration = flags.by === 'integration' || (flags.by === 'auto' && result.parameters <= SMALL);
  await interruptible(async (signal) => {
    const session = await Session.start();
    const cancel = () => session.cancel();
    signal.addEventListener('abort', cancel);
    try {
      await (integration ? byIntegration(session, run, flags, signal) : byBarriers(session, run, flags, signal));
    } finally {
      await session.close();
    }
  });
}

/** Verifies, in process, the exit through which an optimum of a closed-form objective was first reached. */
async function byFlow(path: string, flags: Flags): Promise<void> {
  const result = await readOptima(path);
  const config = await readAnalyticConfig(path);
  const first = result.optima.findIndex(({ exit }) => exit !== null);
  if (first < 0) throw new UsageError(`${path} found one optimum alone: there is no exit to verify`);
  const optimum = flags.optimum ?? first;
  const check = await verifyOptimum({ result, config }, optimum, { each: flags.samples });
  const title = `Gradient flows from before and after the exit from optimum ${check.parent} to optimum ${check.optimum}`;
  const figure = exitVerificationFigure('exit', title, optimumView(check, result));
  const files = await writeFigure(flags.out ?? join(path, 'verify-exit'), figure);
  print(
    flags,
    optimumNumbers(check),
    `${optimumCheckTable(check)}\n\n${wrapped(optimumCheckWords(check))}\nFiles: ${files.join(', ')}`,
  );
}

type Run = Parameters<typeof verifyExit>[1];

async function byIntegration(session: Session, run: Run, flags: Flags, signal: AbortSignal): Promise<void> {
  const check = await verifyExit(session, run, memberFiles(run.path), {
    path: flags.path ?? null,
    each: flags.samples,
    integration: { steps: flags.steps, stepSize: flags.stepSize, keep: 100 },
    projection: flags.projection,
    signal,
    onIntegrated: (done) => tell(flags, `${done} points integrated`),
  });
  const { view, ...found } = check;
  const title = `Gradient systems from before and after the exit of ${check.path}`;
  const files = await writeFigure(
    flags.out ?? join(run.path, 'verify-exit'),
    exitVerificationFigure('exit', title, view),
  );
  print(flags, found, `${exitCheckTable(check)}\n\n${wrapped(exitCheckWords(check))}\nFiles: ${files.join(', ')}`);
}

async function byBarriers(session: Session, run: Run, flags: Flags, signal: AbortSignal): Promise<void> {
  const onSegment = (done: number, of: number) => tell(flags, `${done} of ${of} segments measured`);
  const segments = await measureBarriers(session, run, memberFiles(run.path), { signal, onSegment });
  print(flags, { segments }, barriersTable(segments, run.config.dspTt.verifyRise));
}

function memberFiles(path: string) {
  return async (member: string): Promise<Uint8Array> => {
    const file = join(path, 'members', `${member}.safetensors`);
    try {
      return await readFile(file);
    } catch (cause) {
      throw new DataError(`cannot read the member ${file}`, { cause });
    }
  };
}

function tell({ quiet }: Flags, words: string): void {
  if (!quiet) process.stderr.write(`${words}\n`);
}

function print({ json }: Flags, found: object, words: string): void {
  process.stdout.write(`${json ? JSON.stringify({ schema: 1, ...found }, null, 2) : words}\n`);
}
