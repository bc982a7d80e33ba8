import { TorchExecutor } from '../../src/executor/torch';
import { startWorker, WINE } from '../builders';

const SOLVER = {
  solver: 'sgd',
  momentum: 0.9,
  nesterov: true,
  weightDecay: 0,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
} as const;

describe('a compiled network', () => {
  it('trains and searches as the same network does otherwise, but for rounding', async () => {
    const { worker } = await startWorker();
    const losses = async (compile: boolean) => {
      const executor = await TorchExecutor.open(worker, { ...WINE, compile });
      await executor.newPoint('a', 'init');
      const lr = new Float64Array(10).fill(0.05);
      const trained = await executor.descend({ point: 'a', stream: 'train', start: 0, lr, solver: SOLVER });
      await executor.newPath('p', 'a', 'v', 'layer');
      const schedules = {
        path: new Int32Array(5),
        growth: new Float64Array(5).fill(1.1),
        rho2: new Float64Array(5).fill(0.01),
      };
      const searched = await executor.search({ paths: ['p'], stream: 's', start: 0, solver: SOLVER, ...schedules });
      const { loss } = await executor.evaluate('a', 'test');
      return [...trained.loss, ...searched.loss, loss];
    };
    const plain = await losses(false);
    for (const [i, loss] of (await losses(true)).entries()) expect(loss).toBeCloseTo(plain[i], 4);
  }, 600_000);
});
