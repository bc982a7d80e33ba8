/** Appends five records to the journal of a directory, each once the one before is on the disk, and prints a line for each. */
import { nodeDisk } from '../../../src/store/disk/disk';
import { Journal } from '../../../src/store/journal/journal';
import { HEADER, note } from './journals';

async function main(): Promise<void> {
  const journal = await Journal.open(process.argv[2], nodeDisk);
  for (const record of [HEADER, ...['a', 'b', 'c', 'd'].map(note)]) {
    await journal.append(() => record);
    console.log(record.kind);
  }
  await journal.close();
}

main();
