import { run } from '../src'; // in a project of your own: from 'dsptt'

async function main(): Promise<void> {
  const result = await run(
    { preset: 'digits', method: 'dsp-tt', seed: 0, dspTt: { tiers: [5] } },
    { onEvent: (event) => event.type === 'phase' && console.log(event.phase) },
  );
  for (const { name, exit, testErrorPct, barrierToParent } of result.members) {
    console.log(name, { exitAt: exit?.step, cosine: exit?.cosine, testErrorPct, barrierToParent });
  }
  console.log(result.ensembles.find(({ name }) => name === result.result));
}

main();
