import { addMethod, type Candidate, type Method, run } from '../../src'; // in a project of your own: from 'dsptt'

/** Trains one network for half of the budget; then copies of it diverge, each with its own data order. */
function branches(copies: number): Method {
  return async ({ executor, config, steps, report }) => {
    const { localSolver: solver } = config;
    const half = Math.floor(steps / 2);
    const each = Math.floor((steps - half) / copies);
    const names = Array.from({ length: copies }, (_, k) => `branch${k + 1}`);

    report({ type: 'phase', phase: 'trunk', steps: half });
    await executor.newPoint('trunk', 'init/tier0'); // the stream's name and the run's seed determine the weights
    const constant = new Float64Array(half).fill(solver.lr);
    const trunk = await executor.descend({ point: 'trunk', stream: 'data/tier0', start: 0, lr: constant, solver });

    report({ type: 'phase', phase: 'branches', steps: copies * each });
    for (const name of names) await executor.copyPoint(name, 'trunk');
    const falling = Float64Array.from({ length: each }, (_, step) => solver.lr * (1 - step / each));
    const answers = await executor.descendAll(
      names.map((point) => ({ point, stream: `data/${point}`, start: 0, lr: falling, solver })),
    );

    const candidate = (name: string, parent: string | null, finite: boolean): Candidate => {
      const state = finite ? 'trained' : 'diverged';
      return { name, parent, state, tier: parent === null ? 0 : 1, exit: null, round: null, divergedAt: null };
    };
    const members = names.map((name, k) => candidate(name, 'trunk', answers[k].finite));
    const usable = members.filter(({ state }) => state === 'trained').map(({ name }) => name);
    return {
      candidates: [candidate('trunk', null, trunk.finite), ...members],
      ensembles: [{ name: 'branches', members: usable, rule: 'meanSoftmax' }],
      result: 'branches', // fixed beforehand, never chosen by its score
      spent: { steps: half + copies * each, tier0: half, search: 0 },
      traces: [{ name: 'trunk', columns: { lr: constant, loss: trunk.loss } }],
    };
  };
}

addMethod('branches', {
  run: branches(4),
  reads: [], // parts of the configuration of other methods that it reads
  title: 'branches',
  takesTier0: false,
  networks: () => 5, // networks held at a time, from which disk and memory are predicted
});

async function main(): Promise<void> {
  const result = await run(
    { preset: 'digits', method: 'branches', budget: { steps: 600 } },
    { out: 'runs/branches', resume: true }, // after Ctrl-C, run the script again
  );
  console.log(result.ensembles.find(({ name }) => name === result.result));
}

main();
