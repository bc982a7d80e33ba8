import fs from 'node:fs';
import path from 'node:path';
import type { RunEvent } from '../../../src/run/events';
import { Session } from '../../../src/run/session/session';
import { failureOf, isRunning, tinyConfig } from '../../builders';
import { DurableRuns, hashesOf, once, PLACES, type Remains, recordsOf, remainsOf, SMALL, writeRecords } from './runs';

const config = tinyConfig(SMALL);
const runs = new DurableRuns();
let undisturbed: Remains;

beforeAll(async () => {
  const out = runs.fresh();
  await runs.run(config, out);
  undisturbed = remainsOf(out);
});

/** States another processor in the header of a journal, or none. */
function begunOn(out: string, processor: string | undefined): void {
  const changed = recordsOf(out).map((record) => {
    if (record.kind !== 'header') return record;
    const { processor: _, ...versions } = record.versions;
    return { ...record, versions: { ...versions, ...(processor !== undefined && { processor }) } };
  });
  writeRecords(out, changed);
}

/** Goes on with a run where `on` says, and returns the notices. */
async function goOn(out: string, on?: string): Promise<string[]> {
  const notices: string[] = [];
  const onEvent = (event: RunEvent) => {
    if (event.type === 'notice') notices.push(event.message);
  };
  await using session = await Session.start({ on, chunk: 10 });
  await session.run(config, { out, resume: true, onEvent });
  return notices;
}

const REFUSAL =
  /^the run was begun on (.+) \(\w+\), and its worker was placed on \1 \(DEFAULT\), which rounds otherwise: ask for places of the first kind \(srun -C, --ray-resources\); `npx --no dsptt resume .*` resumes the run$/;

describe('a run on CPUs', () => {
  it('names its processor in its journal and its result', async () => {
    const { versions } = JSON.parse(JSON.stringify(undisturbed.result));
    expect(versions.processor).toBe(runs.supervisor.worker.hello.versions.processor);
    expect(versions.processor).toMatch(/^\S.* \([A-Z0-9]+\)$/);
  });

  it('refuses a place with another processor before it works, and goes on where its own is', async () => {
    const out = await runs.interrupted(config, PLACES['a descent']);
    const before = hashesOf(out);
    const error = await failureOf(goOn(out, 'command env ATEN_CPU_CAPABILITY=default'));
    expect(error).toMatchObject({ kind: 'WorkerError', message: expect.stringMatching(REFUSAL) });
    expect(hashesOf(out)).toEqual(before);
    await goOn(out, 'command env');
    expect(remainsOf(out)).toEqual(undisturbed);
  });

  it('refuses such a place for a worker that replaces a lost one, and gives it back', async () => {
    const out = runs.fresh();
    const pids = path.join(runs.directory, 'pids');
    const script = path.join(runs.directory, 'other-after-first');
    const other = `[ -e '${pids}' ] && export ATEN_CPU_CAPABILITY=default`;
    fs.writeFileSync(script, `#!/bin/sh\n${other}\necho $$ >> '${pids}'\nexec "$@"\n`, { mode: 0o755 });
    const placed = () => fs.readFileSync(pids, 'utf8').trim().split('\n').map(Number);
    const session = await Session.start({ on: `command ${script}`, chunk: 10 });
    const onEvent = once(PLACES['a descent'], () => process.kill(placed()[0], 'SIGKILL'));
    const error = await failureOf(session.run(config, { out, onEvent }));
    await session.close();
    expect(error).toMatchObject({ kind: 'WorkerError', message: expect.stringMatching(REFUSAL) });
    expect(placed().map(isRunning)).toEqual([false, false]);
    await runs.run(config, out, { resume: true });
    expect(remainsOf(out)).toEqual(undisturbed);
  });

  it('goes on anywhere if its journal, of an earlier version, names no processor', async () => {
    const out = await runs.interrupted(config, PLACES['a descent']);
    begunOn(out, undefined);
    expect(await goOn(out, 'command env')).not.toContainEqual(expect.stringContaining('processor'));
    expect(remainsOf(out).files).toEqual(undisturbed.files);
  });

  it('says on this machine that its processor is another one, and goes on', async () => {
    const out = await runs.interrupted(config, PLACES['a descent']);
    begunOn(out, 'an abacus');
    const notices = await goOn(out);
    expect(notices).toContainEqual(expect.stringMatching(/other versions \(processor an abacus, now .+\): if numbers/));
    expect(remainsOf(out).files).toEqual(undisturbed.files);
  });
});
