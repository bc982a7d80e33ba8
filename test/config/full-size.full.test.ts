import { CIFAR_PRESETS } from '../../src/config/presets/cifar';
import { CIFAR_SMOKE } from '../../src/config/presets/cifar/images';
import { resolveConfig } from '../../src/config/resolve';
import { Session } from '../../src/run/session/session';
import { temporaryDirectory } from '../builders';
import { atLength } from '../soak';

const PARAMETERS = { vgg16: 15_245_130, resnet164: 1_703_258, densenet100: 769_162 };

describe("the paper's networks, whole", () => {
  let session: Session;
  const directory = temporaryDirectory();
  beforeAll(async () => {
    session = await Session.start();
  });
  afterAll(() => session.close());

  // ResNet-164 at this size: test/cli/commands/reproduce.full.test.ts measures its steps.
  it.each(Object.entries(PARAMETERS).filter(([network]) => atLength(network !== 'resnet164', true)))(
    'searches and descends with %s for a few steps',
    async (network, parameters) => {
      const config = resolveConfig([
        { from: 'test', values: { preset: `cifar10-${network}` } },
        { from: 'test', values: { ...CIFAR_SMOKE, budget: { steps: 16 }, threads: 1 } },
      ]);
      const result = await session.run(config, { out: `${directory}/${network}` });
      expect(result).toMatchObject({ preset: `cifar10-${network}`, parameters });
      expect(result.budget.search).toBeGreaterThan(0);
      expect(result.members.map(({ name }) => name)).toEqual(['tier0', 'tier1-1', 'tier1-2']);
      expect(result.members.find(({ name }) => name === 'tier0')?.testLoss).toBeGreaterThan(0);
    },
    600_000,
  );

  it('has a recipe a network and data set of table 2', () => {
    const networks = Object.keys(PARAMETERS);
    const all = ['cifar10', 'cifar100'].flatMap((dataset) => networks.map((network) => `${dataset}-${network}`));
    expect(Object.keys(CIFAR_PRESETS).sort()).toEqual(all.sort());
  });
});
