import { loadEnsemble } from '../../src/inference/load-ensemble';

/**
 * A process of its own, as jest has a Float32Array of its own, which onnxruntime refuses: loads the ensemble of the folder
 * that it is given, predicts the batches on standard input, in 64 bits if that is its second argument, and prints what came
 * out.
 */
async function main(): Promise<void> {
  const input: Buffer[] = [];
  for await (const part of process.stdin) input.push(Buffer.from(part));
  const batches: number[][] = JSON.parse(Buffer.concat(input).toString());
  const ensemble = await loadEnsemble(process.argv[2]);
  const answers: (number[] | string)[] = [];
  for (const batch of batches) {
    const predicting =
      process.argv[3] === '64'
        ? ensemble.predict(Float64Array.from(batch))
        : ensemble.predict(Float32Array.from(batch));
    const answer = await predicting.catch((error: Error) => error.message);
    answers.push(typeof answer === 'string' ? answer : [...answer]);
  }
  await ensemble.close();
  const { classes, members, shape } = ensemble;
  process.stdout.write(JSON.stringify({ classes, members, shape, answers }));
}

main();
