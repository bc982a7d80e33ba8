import { TABLE_1, TABLE_2, TABLE_3, TABLE_4 } from '../../src/paper/tables';

const row = <R>(found: R | undefined): R => {
  if (found === undefined) throw new Error('no such row');
  return found;
};

describe("the paper's tables", () => {
  it('agree with each other where two print the same network', () => {
    const dense = row(
      TABLE_2.find(({ architecture, method }) => architecture === 'DenseNet-100' && method === 'DSP-TT'),
    );
    expect(dense.errorPct).toEqual(TABLE_1.find(({ name }) => name === 'Tier-0-1')?.errorPct);
    for (const method of ['Individual', 'SSE', 'FGE']) {
      const other = row(TABLE_2.find((entry) => entry.architecture === 'ResNet-164' && entry.method === method));
      const detailed = row(TABLE_3.find((entry) => entry.method === method));
      expect([detailed.errorPct, detailed.outputCorrelation]).toEqual([other.errorPct, other.outputCorrelation]);
    }
  });

  it('have what the text says: 15 % and 13 % below the single network, trained in full', () => {
    const gain = (split: 'cifar10' | 'cifar100') => {
      const error = (method: string) =>
        row(TABLE_3.find((entry) => entry.method === method)).errorPct[split] ?? Number.NaN;
      return Math.round(100 * (1 - error('DSP-TT-0-1-full-train') / error('Individual')));
    };
    expect([gain('cifar10'), gain('cifar100')]).toEqual([15, 13]);
  });

  it('have what the text says of table 4: no tier-1 network is worse than tier 0', () => {
    const [tier0, ...tier1] = TABLE_4;
    for (const split of ['cifar10', 'cifar100'] as const) {
      const errors = tier1.map(({ errorPct }) => errorPct[split] ?? Number.NaN);
      expect(errors).toHaveLength(5);
      expect(Math.max(...errors)).toBeLessThanOrEqual(tier0.errorPct[split] ?? Number.NaN);
    }
  });
});
