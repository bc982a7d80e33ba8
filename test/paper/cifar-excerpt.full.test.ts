import { presetAtScale } from '../../src/config/presets/scales';
import { resolveConfig } from '../../src/config/resolve';
import type { ConfigInput } from '../../src/config/schema';
import { Session } from '../../src/run/session/session';
import { type Result, resultEnsemble } from '../../src/store/result';
import { temporaryDirectory } from '../builders';
import { atLength } from '../soak';

/** What docs/results/cifar10-reduced.md ran under "The excerpt", with seeds 0 to 2. */
const EXCERPT: ConfigInput = {
  dataset: { name: 'cifar10-sample', args: { train: 1500, validation: 500, test: 500, side: 16 } },
  dspTt: { tiers: [3], tierShare: 0.5, searchShare: 0.35 },
  pairBarriers: false,
};

/**
 * A regression at reduced scale: limits are the worst of the three seeds measured, and a margin of several times their
 * spread beyond it (and of two standard errors of 500 test images, for errors).
 */
describe('ResNet-20 on an excerpt of CIFAR-10', () => {
  let session: Session;
  const directory = temporaryDirectory();
  beforeAll(async () => {
    session = await Session.start();
  });
  afterAll(() => session.close());
  const runOf = (method: string): Promise<Result> => {
    const config = resolveConfig([
      { from: 'test', values: presetAtScale('cifar10-resnet164', 'reduced') },
      { from: 'test', values: { ...EXCERPT, method, seed: 0 } },
    ]);
    return session.run(config, { out: `${directory}/${method}` });
  };

  const alone = atLength(it.skip, it); // tier 0 of the other test is one network too
  alone(
    'learns as one network what it did when it was measured (error 49.2 to 50.4 %; 55.8 % on a CPU without AVX-512)',
    async () => {
      const result = await runOf('single');
      expect(result.budget).toMatchObject({ steps: 1380, epochs: 60 });
      expect(resultEnsemble(result).testErrorPct).toBeLessThanOrEqual(60);
    },
    600_000,
  );

  it('finds an exit on every path, and networks that are apart, unlike, and better together', async () => {
    const result = await runOf('dsp-tt');
    const [tier0, ...tier1] = result.members;
    expect(tier1).toHaveLength(3);
    for (const { exit } of tier1) {
      expect(exit).not.toBeNull();
      expect(exit?.cosine).toBeGreaterThan(0.94); // measured: 0.972 to 0.998
      expect(exit?.distance).toBeGreaterThan(17); // 18.8 to 19.5
      expect(exit?.distance).toBeLessThan(22);
    }
    const ensemble = resultEnsemble(result);
    expect(ensemble.testErrorPct).toBeLessThanOrEqual(62); // 55.0 to 57.2
    expect(ensemble.testLoss).toBeLessThan(1.55); // 1.442 to 1.466
    expect(ensemble.outputCorrelation).toBeLessThan(0.94); // 0.906 to 0.912
    expect(ensemble.parameterDistance).toBeGreaterThan(19); // 22.1 to 22.3
    const best = Math.min(...[tier0, ...tier1].map(({ testLoss }) => testLoss ?? Number.NaN));
    expect(best - (ensemble.testLoss ?? Number.NaN)).toBeGreaterThan(0.01); // 0.039 to 0.061
  }, 600_000);
});
