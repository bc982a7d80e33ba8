import fs from 'node:fs';
import path from 'node:path';
import type { Config } from '../../../src/config/schema';
import { JournalError } from '../../../src/errors';
import { type Fault, FaultyDisk } from './faulty-disk';
import { type DurableRuns, type Remains, remainsOf } from './runs';

/**
 * Lets the first call of a kind have a fault, then the one that is `stride` calls later ..., until a run has no such call any
 * more. Each run ends well or with a clear error, closes its files, and is then taken up, on a disk that works, to the undisturbed result.
 * @returns how many runs had a fault
 */
export async function everyFault(
  runs: DurableRuns,
  config: Config,
  fault: Omit<Fault, 'at'>,
  undisturbed: Remains,
  stride = 1,
): Promise<number> {
  for (let [runsWithFault, at] = [0, 1]; ; runsWithFault += 1, at += stride) {
    const out = runs.fresh();
    const disk = new FaultyDisk({ ...fault, at });
    const error = await runs.run(config, out, { disk }).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!disk.hasFailed) return runsWithFault;
    try {
      if (error !== null || !fs.existsSync(path.join(out, 'result.json'))) mustBeClear(error, out);
      expect(disk.openFiles).toBe(0);
      await runs.run(config, out, { resume: true });
      expect(remainsOf(out)).toEqual(undisturbed);
    } catch (failed) {
      throw new Error(`${JSON.stringify({ ...fault, at })}: ${failed}`, { cause: failed });
    }
    fs.rmSync(out, { recursive: true });
  }
}

/** It says which file, why, and what to do. */
function mustBeClear(error: unknown, out: string): void {
  expect(error).toBeInstanceOf(JournalError);
  expect(error).toMatchObject({ message: expect.stringMatching(/^cannot write .*\((ENOSPC|EIO): .*\): .+/) });
  expect(error).toMatchObject({ message: expect.stringContaining(out) });
}
