import { PRESET_SIZES } from '../../src/config/scale';
import { budgetSteps, type Config } from '../../src/config/schema';
import type { ReproduceDataset } from '../../src/paper/reproduction';
import { rowsOf, TABLES, type TableName } from '../../src/paper/table-rows';
import { networksOf, tablePlanOf } from '../../src/paper/table-runs';
import { planBudget } from '../../src/trust-tech/budget';

const REQUEST = { dataDir: null, out: 'out', architectures: null } as const;

function runsOf(table: TableName, dataset: ReproduceDataset, scale: (typeof PRESET_SIZES)[number] | null) {
  const request = { ...REQUEST, dataset, scale };
  return tablePlanOf(rowsOf(table, networksOf(table, request)), [0], request);
}

/** Steps of a run whose training images are as many as its configuration says. */
function stepsOf(config: Config, images: number): number {
  return budgetSteps(config, Math.floor(images / Number(config.batchSize)));
}

const CASES = TABLES.flatMap((table) => PRESET_SIZES.map((scale) => [table, scale] as const));

describe('the runs of a table', () => {
  it.each(CASES)('%s at scale %s have budgets that their searches fit into', (table, scale) => {
    const configs = [...runsOf(table, 'cifar10', scale).values()].map(({ config }) => config);
    expect(configs.length).toBeGreaterThan(0);
    for (const config of configs) {
      const steps = stepsOf(config, Number(config.dataset.args.train));
      expect(() => planBudget(steps, config.dspTt)).not.toThrow();
    }
  });

  it('are named by network, contestant and seed, and shared by rows', () => {
    const request = { ...REQUEST, dataset: 'cifar10', scale: 'reduced' } as const;
    const plan = tablePlanOf(rowsOf('table4', ['resnet']), [0, 3], request);
    expect([...plan.keys()]).toEqual(['resnet-dsp-tt-full-train-0', 'resnet-dsp-tt-full-train-3']);
    expect([...plan.values()].map(({ config }) => config.seed)).toEqual([0, 3]);
  });

  it('have one budget in steps in table 2, whatever the method', () => {
    for (const scale of PRESET_SIZES) {
      const byNetwork = new Map<string, Set<number>>();
      for (const [name, { config }] of runsOf('table2', 'cifar10', scale)) {
        const network = name.split('-')[0];
        byNetwork.set(network, (byNetwork.get(network) ?? new Set()).add(stepsOf(config, 4000)));
      }
      expect([...byNetwork.values()].map(({ size }) => size)).toEqual([1, 1, 1]);
    }
  });

  it('have one budget for both rows that table 1 compares', () => {
    for (const scale of PRESET_SIZES) {
      const budgets = [...runsOf('table1', 'cifar10', scale).values()].map(({ config }) => stepsOf(config, 4000));
      expect(budgets).toHaveLength(2);
      expect(budgets[0]).toBe(budgets[1]);
    }
  });

  it("at full scale are the paper's: whole CIFAR, 200 epochs of ResNet-164, 6 networks", () => {
    const config = runsOf('table2', 'cifar100', 'full').get('resnet-dsp-tt-0')?.config;
    expect(config).toMatchObject({
      scale: 'full',
      dataset: { name: 'cifar100' },
      model: { args: { depth: 164 } },
      budget: { epochs: 200 },
      dspTt: { tiers: [5], rho1: { increment: 0.001 } },
    });
    expect(runsOf('table3', 'cifar10', 'full').get('resnet-independent-6-budgets-0')?.config.independent).toEqual({
      members: 6,
      budgets: 6,
    });
  });

  it("on CIFAR-10's excerpt are the same recipes, but for sizes that it does not have", () => {
    const [real, excerpt] = (['cifar10', 'cifar10-sample'] as const).map(
      (dataset) => runsOf('table2', dataset, 'reduced').get('vgg-fge-0')?.config,
    );
    expect(excerpt?.dataset).toMatchObject({ name: 'cifar10-sample', args: { side: 16, normalise: 'imagenet' } });
    expect(excerpt?.dataset.args).not.toHaveProperty('train');
    expect(excerpt?.fge).toEqual(real?.fge);
  });

  it('refuse a data directory at the scale smoke, which runs on the excerpt', () => {
    const request = { ...REQUEST, dataDir: '/data', dataset: 'cifar10', scale: 'smoke' } as const;
    expect(() => tablePlanOf(rowsOf('table4', ['resnet']), [0], request)).toThrow('leave out --data-dir');
  });

  it('on digits are of one network, at no scale', () => {
    expect([...runsOf('table2', 'digits', null).keys()]).toContain('conv-dsp-tt-0');
    expect(() => networksOf('table2', { dataset: 'digits', architectures: ['vgg'] })).toThrow(
      'leave out --architecture',
    );
  });

  it('are of the networks asked for', () => {
    const asked = { dataset: 'cifar10', architectures: ['densenet', 'vgg'] } as const;
    expect(networksOf('table2', asked)).toEqual(['vgg', 'densenet']);
    expect(() => networksOf('table3', asked)).toThrow('table3 has no densenet; it has: resnet');
  });
});
