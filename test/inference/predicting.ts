import { loadEnsemble } from '../../src/inference/load-ensemble';

const KINDS = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array };

/**
 * A process of its own, as jest has a Float32Array of its own, which onnxruntime refuses: loads the ensemble of the folder
 * that it is given, predicts the batches on standard input as the type that its second argument names, calibrated if its third says so, closes the ensemble
 * while the last one is predicted, and prints what came out.
 */
async function main(): Promise<void> {
  const input: Buffer[] = [];
  for await (const part of process.stdin) input.push(Buffer.from(part));
  const batches: number[][] = JSON.parse(Buffer.concat(input).toString());
  const kind = Object.entries(KINDS).find(([name]) => name === process.argv[3])?.[1] ?? Float32Array;
  const ensemble = await loadEnsemble(process.argv[2], { calibrated: process.argv[4] === 'calibrated' });
  const ask = (batch: number[]): Promise<ArrayLike<number>> => {
    const samples = kind.from(batch);
    return samples instanceof Float64Array ? ensemble.predict(samples) : ensemble.predict(samples);
  };
  const saidOf = (error: Error) => `${error.name}: ${error.message}`;
  const answers = batches.map((batch) => ask(batch).then((values) => Array.from(values), saidOf));
  await Promise.all([ensemble.close(), ensemble.close()]);
  const afterwards = await ask(batches[0]).then(String, saidOf);
  const { kind: ofTask, classes, members, shape } = ensemble;
  const said = { kind: ofTask, classes, members, shape, answers: await Promise.all(answers), afterwards };
  process.stdout.write(JSON.stringify(said));
}

main();
