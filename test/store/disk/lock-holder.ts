/**
 * A process that wants directories, for tests of the lock. It prints `ready`; for each `hold DIRECTORY` on its standard
 * input it tries to, and prints `held`, or why not; the next line lets go of it, which it prints as `released`. Its argument
 * is the time between renewals, in ms.
 */
import { createInterface } from 'node:readline';
import { holding } from '../../../src/store/disk/lock';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function hold(): Promise<void> {
  console.log('held');
  await lines.next();
}

async function main(): Promise<void> {
  console.log('ready');
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    try {
      await holding(line.value.replace(/^hold /, ''), hold, { renewMs: Number(process.argv[2] ?? 10_000) });
      console.log('released');
    } catch (error) {
      console.log(String(error));
    }
  }
}

main();
