import fs from 'node:fs';
import path from 'node:path';
import { Supervisor } from '../../../src/bridge/workers/supervisor';
import { JournalError, WorkerError } from '../../../src/errors';
import type { RunEvent } from '../../../src/run/events';
import { failureOf, tinyConfig, WatchedLauncher } from '../../builders';
import { DurableRuns, once, PLACES, type Remains, recordsOf, remainsOf, SMALL } from './runs';

const config = tinyConfig(SMALL);
const runs = new DurableRuns();
let undisturbed: Remains;

beforeAll(async () => {
  const out = runs.fresh();
  await runs.run(config, out);
  undisturbed = remainsOf(out);
});

/** Run, and end the worker where `isThere`; answers the directory and what was told. */
async function killedAt(
  isThere: (event: RunEvent) => boolean,
  checkpointMinutes: number,
  signal: NodeJS.Signals = 'SIGKILL',
) {
  const out = runs.fresh();
  const notices: string[] = [];
  const kill = once(isThere, () => runs.killWorker(signal));
  const onEvent = (event: RunEvent) => {
    kill(event);
    if (event.type === 'notice') notices.push(event.message);
  };
  await runs.run(config, out, { onEvent, checkpointMinutes });
  return { out, notices };
}

describe('a run whose worker dies', () => {
  it.each(Object.entries(PLACES))('in %s ends as if it had lived', async (_, isThere) => {
    const { out, notices } = await killedAt(isThere, 1e-9);
    expect(notices).toEqual([expect.stringMatching(/was ended by SIGKILL.*; starting another one/)]);
    expect(recordsOf(out).filter(({ kind }) => kind === 'restart')).toHaveLength(1);
    expect(remainsOf(out)).toEqual(undisturbed);
  });

  it.each(Object.entries(PLACES))(
    'in %s by SIGTERM, as a scheduler ends it, ends as if it had lived',
    async (_, isThere) => {
      const { out, notices } = await killedAt(isThere, 1e-9, 'SIGTERM');
      expect(notices).toEqual([expect.stringMatching(/(told to end|ended with exit code 0).*; starting another one/)]);
      expect(remainsOf(out)).toEqual(undisturbed);
    },
  );

  it('before its first checkpoint begins again from the start, and ends as if it had lived', async () => {
    const { out, notices } = await killedAt(PLACES['a descent'], 1000);
    expect(notices).toHaveLength(1);
    expect(remainsOf(out)).toEqual(undisturbed);
  });
});

describe('a run whose worker dies too often', () => {
  it('ends with an error that says how to go on, and goes on to the same result', async () => {
    const supervisor = await Supervisor.start(new WatchedLauncher(), { maxRestarts: 0 });
    const out = runs.fresh();
    const onEvent = once(PLACES['the search'], () => process.kill(supervisor.worker.hello.pid, 'SIGKILL'));
    const error = await failureOf(runs.run(config, out, { onEvent, supervisor }));
    await supervisor.close();
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toMatch(
      new RegExp(`was ended by SIGKILL .*; \`npx --no dsptt resume ${out}\` resumes the run$`),
    );
    expect(fs.existsSync(path.join(out, 'result.json'))).toBe(false);
    await runs.run(config, out, { resume: true });
    expect(remainsOf(out)).toEqual(undisturbed);
  });
});

describe('a run whose directory a process of another machine has taken', () => {
  it('writes nothing more there, and says so; the run goes on once that process is gone', async () => {
    const out = runs.fresh();
    const lock = path.join(out, '.lock');
    const other = JSON.stringify({ pid: 7, began: '1', place: 'elsewhere', host: 'node-12' });
    const error = await failureOf(
      runs.run(config, out, { onEvent: once(PLACES['the search'], () => fs.writeFileSync(lock, other)) }),
    );
    expect(error).toBeInstanceOf(JournalError);
    expect(error.message).toContain('process 7 of node-12 works there now');
    expect(fs.readFileSync(lock, 'utf8')).toBe(other);
    fs.rmSync(lock);
    await runs.run(config, out, { resume: true });
    expect(remainsOf(out)).toEqual(undisturbed);
  });
});
