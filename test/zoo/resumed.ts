/**
 * Trains a network that it builds itself, into the directory given, and goes on with the run that is there. Dies as if the
 * plug were pulled in the middle of training (`die`). Builds another network than before (`other`). Prints JSON.
 */
import path from 'node:path';
import { DspttError, run } from '../../src';

async function main(out: string, how: string | undefined): Promise<void> {
  const result = await run(
    { preset: 'wine', method: 'snapshot', budget: { steps: 400 }, threads: 1 },
    {
      out,
      resume: true,
      chunk: 50, // steps a message: by time they would differ from run to run, and with them the journals
      model: async (python) => {
        await (await python('torch')).call('manual_seed', [how === 'other' ? 1 : 0]);
        return (await python.file(path.join(__dirname, 'perceptron.py'))).call('Perceptron', [13, 3]);
      },
      onEvent: ({ type }) => {
        if (type === 'progress' && how === 'die') process.kill(process.pid, 'SIGKILL');
      },
    },
  );
  console.log(JSON.stringify(result.members.map(({ name, sha256 }) => ({ name, sha256 }))));
}

main(process.argv[2], process.argv[3]).catch((error: unknown) => {
  if (!(error instanceof DspttError)) throw error;
  console.log(JSON.stringify({ kind: error.kind, message: error.message }));
});
