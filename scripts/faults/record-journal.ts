/**
 * Records the runs whose journals every later version must be able to resume: `npx ts-node -T
 * scripts/faults/record-journal.ts` creates those of test/journals/VERSION that are missing, and changes no existing
 * one (test/journals/README.md).
 */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveAnalytic, resolveConfig } from '../../src/config/resolve';
import type { Config } from '../../src/config/schema';
import { InterruptedError } from '../../src/errors';
import { runAnalytic } from '../../src/run/closed-form';
import { Session } from '../../src/run/session/session';
import { VERSION } from '../../src/version';
import { CLOSED_FORMS, type JournalRun, PORTABLE, RUNS } from './journal-runs';

const JOURNALS = join(__dirname, '..', '..', 'test', 'journals', VERSION);
/** Steps a message: gives several answers to cut between, also in a run of one training. */
const CHUNK = 20;

async function main(): Promise<void> {
  Object.assign(process.env, PORTABLE);
  const session = await Session.start({ chunk: CHUNK });
  try {
    for (const [name, run] of Object.entries(RUNS)) {
      await unlessThere(name, (out) => recordFinished(session, run, out));
      await unlessThere(`${name}-cut`, (out) => recordCut(session, run, out));
    }
  } finally {
    await session.close();
  }
  for (const [name, values] of Object.entries(CLOSED_FORMS)) {
    await unlessThere(name, (out) => runAnalytic(resolveAnalytic([{ from: name, values }]), { out }));
  }
}

async function unlessThere(name: string, record: (out: string) => Promise<unknown>): Promise<void> {
  const out = join(JOURNALS, name);
  if (existsSync(out)) return console.log(`${name}: is there, and stays as it is`);
  await record(out);
  console.log(`${name}: recorded`);
}

/** Records a finished run that was interrupted once, so that its journal is of two processes. */
async function recordFinished(session: Session, run: JournalRun, out: string): Promise<void> {
  await interrupted(session, run, out);
  await session.run(configOf(run), { out, resume: true });
  await withoutDerived(out);
}

async function recordCut(session: Session, run: JournalRun, out: string): Promise<void> {
  await interrupted(session, run, out);
  await withoutDerived(out);
}

/** Removes what can be derived from the other files. */
async function withoutDerived(out: string): Promise<void> {
  for (const folder of ['outputs', 'traces']) await rm(join(out, folder), { recursive: true });
}

/** Runs the beginning of a run, up to an answer in the middle. @throws Error if the run ends before its cut */
async function interrupted(session: Session, run: JournalRun, out: string): Promise<void> {
  const interrupt = new AbortController();
  let commands = 0;
  const onCommand = () => {
    commands += 1;
    if (commands === run.cutAt) interrupt.abort();
  };
  const tier0 = run.tier0 === undefined ? null : await readFile(join(JOURNALS, run.tier0));
  try {
    await session.run(configOf(run), { out, onCommand, tier0, tier0Source: run.tier0, signal: interrupt.signal });
  } catch (error) {
    if (error instanceof InterruptedError) return;
    throw error;
  }
  throw new Error(`the run in ${out} ended before its command ${run.cutAt}`);
}

function configOf({ values }: JournalRun): Config {
  return resolveConfig([{ from: 'record-journal', values }]);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
