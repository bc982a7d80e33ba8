import { RunLines } from '../../src/watch/live-curves';

const DSP_TT = { form: 'ratio', detector: { decay: 0 } } as const;
const descend = (point: string, start: number) => ({ point, start, lr: new Float64Array(1) });

describe('the curves of a run that goes on', () => {
  it('take answers in the order of their commands, whenever they come', async () => {
    const curves = new RunLines(DSP_TT);
    let answer: (given: object) => void = () => {};
    const late = new Promise<object>((resolve) => {
      answer = resolve;
    });
    curves.onCommand('descend', { ...descend('tier0', 0), lr: Float64Array.of(0.2, 0.1) }, late);
    curves.onCommand('descend', descend('tier0', 2), Promise.resolve({ loss: Float32Array.of(1) }));
    answer({ loss: Float32Array.of(3, 2) });
    await curves.settled();
    const [{ loss, lr, steps }] = curves.trainings();
    expect({ steps, at: loss.map(([x]) => x) }).toEqual({ steps: 3, at: [0, 1, 2] });
    expect(lr).toEqual([[0, 0.2], [1, 0.1], [2, 0]]); // biome-ignore format: pairs of step and rate
  });

  it('tell apart networks that are trained together', async () => {
    const curves = new RunLines(DSP_TT);
    const args = { points: ['member1', 'member2'], starts: [0, 5], lr: new Float64Array(4) };
    curves.onCommand('descendStack', args, Promise.resolve({ loss: Float32Array.of(1, 1, 4, 4) }));
    await curves.settled();
    const lines = curves.trainings().map(({ network, loss }) => [network, loss]);
    expect(lines).toEqual([
      ['member1', [[0, 1], [1, 1]]], // biome-ignore format: one line a network
      [
        'member2',
        [
          [5, 4],
          [6, 4],
        ],
      ],
    ]);
  });

  it('have the validation points of networks', async () => {
    const curves = new RunLines(DSP_TT);
    const points = [
      { loss: 0.5, errorPct: 25 },
      { loss: 0.25, errorPct: 20 },
    ];
    const args = { point: 'tier0', start: 0, lr: new Float64Array(4), validateEvery: 2 };
    curves.onCommand('descend', args, Promise.resolve({ loss: new Float32Array(4), validation: points }));
    await curves.settled();
    expect(curves.trainings()[0].validation).toEqual([
      [2, 0.5],
      [4, 0.25],
    ]);
  });

  it('say which networks are trained in the present phase', async () => {
    const curves = new RunLines(DSP_TT);
    const answer = () => Promise.resolve({ loss: Float32Array.of(1) });
    curves.onPhase();
    curves.onCommand('descend', descend('tier0', 0), answer());
    curves.onPhase();
    curves.onCommand('descend', descend('tier1-1', 0), answer());
    await curves.settled();
    expect(curves.trainings().map(({ network, isGoing }) => [network, isGoing])).toEqual([
      ['tier0', false],
      ['tier1-1', true],
    ]);
  });

  it('begin a path anew where it is redrawn', async () => {
    const curves = new RunLines(DSP_TT);
    const moved = (start: number, growth: number) => {
      const args = { paths: ['tier1-1'], stream: 'data/tier1-search', start, path: Int32Array.of(0) };
      const answer = Promise.resolve({ loss: Float32Array.of(start), norm: Float32Array.of(1) });
      curves.onCommand('search', { ...args, growth: Float64Array.of(growth) }, answer);
    };
    curves.onCommand('newPath', { path: 'tier1-1' }, Promise.resolve({}));
    moved(0, 0.02);
    moved(1, 2);
    curves.onCommand('newPath', { path: 'tier1-1' }, Promise.resolve({}));
    moved(2, 0.02);
    await curves.settled();
    const [{ paths, iterations, tier }] = curves.searches();
    expect({ iterations, tier, rho1: paths[0].rho1 }).toEqual({
      iterations: 3,
      tier: 1,
      rho1: [
        [0, 0.02],
        [1, 0.04],
        [1, null],
        [2, 0.02],
      ],
    });
  });
});
