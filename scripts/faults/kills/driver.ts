/** Process to be killed: runs or resumes one run through the public API, and prints at its end how often it wrote. */
import { resume, run } from '../../../src/index';
import { type Disk, nodeDisk } from '../../../src/store/disk/disk';
import { CASES } from './cases';
import { type Done, requestSchema } from './request';

/** Returns the machine's file system with counts of the calls at which a process can be killed. */
function counting(): { readonly disk: Disk; readonly counts: () => Done } {
  let [commits, renames, checkpoints] = [0, 0, 0];
  const disk: Disk = {
    ...nodeDisk,
    open: async (path) => {
      const file = await nodeDisk.open(path);
      if (!path.endsWith('journal.jsonl')) return file;
      return {
        write: (bytes, position) => file.write(bytes, position),
        truncate: (bytes) => file.truncate(bytes),
        sync: () => {
          commits += 1;
          return file.sync();
        },
        close: () => file.close(),
      };
    },
    rename: (from, to) => {
      renames += 1;
      if (/\/checkpoints\/\d+\.json$/.test(to)) checkpoints += 1;
      return nodeDisk.rename(from, to);
    },
  };
  return { disk, counts: () => ({ commits, renames, checkpoints }) };
}

async function main(): Promise<void> {
  const request = requestSchema.parse(JSON.parse(process.argv[2]));
  const { out, how, window, chunk, checkpointMs, lostMs, on } = request;
  const { disk, counts } = counting();
  const options = {
    ...{
      window,
      chunk: chunk ?? undefined,
      lostMs,
      on,
      beatMs: 200,
      maxRestarts: 20,
      checkpointMinutes: checkpointMs / 60_000,
      disk,
    },
    onEvent: (event: { readonly type: string; readonly message?: string }) => {
      if (event.type === 'notice') process.stderr.write(`notice: ${event.message}\n`);
    },
  };
  if (how === 'resume') await resume(out, options);
  else await run(CASES[request.case], { ...options, out, resume: how === 'run-resume' });
  process.stdout.write(JSON.stringify(counts()));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
