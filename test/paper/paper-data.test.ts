import { presetAtScale } from '../../src/config/presets/scales';
import { resolveConfig } from '../../src/config/resolve';
import { SLIPS } from '../../src/paper/misprints';
import { PEERS, peersOf, SOURCES } from '../../src/paper/peers';
import { GAINS, MEMORY, PAPER_SETTINGS, STATEMENTS } from '../../src/paper/statements';
import { ARCHITECTURES, architecturesOf, rowsOf, TABLES } from '../../src/paper/table-rows';
import { type Cifar, TABLE_1, TABLE_2, TABLE_3, TABLE_4 } from '../../src/paper/tables';

const SPLITS = ['cifar10', 'cifar100'] as const;

function errors(entries: readonly { readonly errorPct: Cifar }[], split: (typeof SPLITS)[number]): number[] {
  return entries.flatMap(({ errorPct }) => errorPct[split] ?? []);
}

const of3 = (method: string, split: (typeof SPLITS)[number]) =>
  errors(
    TABLE_3.filter((row) => row.method === method),
    split,
  )[0];

/** By how many percent an error is below another. */
const gain = (before: number, after: number) => (100 * (before - after)) / before;

describe("the paper's gains", () => {
  it('are 15 % and 13 % against the single network of tables 2 and 3', () => {
    expect(gain(4.72, 3.99)).toBeCloseTo(15.47, 2);
    expect(gain(21.5, 18.67)).toBeCloseTo(13.16, 2);
    for (const split of SPLITS) {
      const pct = gain(of3('Individual', split), of3('DSP-TT-0-1-full-train', split));
      expect(Math.round(pct)).toBe(GAINS.pdf[split]);
    }
  });

  it('are 20 % and 15 % against tier 0 of table 4, as the page of the submission has them', () => {
    for (const split of SPLITS) {
      const pct = gain(errors(TABLE_4, split)[0], of3('DSP-TT-0-1-full-train', split));
      expect(Math.round(pct)).toBe(GAINS.submissionPage[split]);
    }
  });

  it('make an ensemble that is better than each of its networks in table 4', () => {
    for (const split of SPLITS) {
      const alone = errors(TABLE_4, split);
      expect(alone).toHaveLength(6);
      expect(Math.min(...alone)).toBeGreaterThan(of3('DSP-TT-0-1-full-train', split));
    }
  });
});

describe("the paper's memory figures", () => {
  it('are an overhead of 2.7 %', () => {
    expect(100 * (MEMORY.searchMb / MEMORY.trainingMb - 1)).toBeCloseTo(2.67, 2);
  });

  it('stand among the statements, each of which has its place', () => {
    expect(STATEMENTS.map(({ says }) => says).join()).toContain('3819');
    for (const { place } of STATEMENTS) expect(place).toMatch(/^section 5/);
  });
});

describe("the paper's hyper-parameters", () => {
  it.each(['vgg', 'resnet', 'densenet'] as const)('are those of the preset of %s at full scale', (architecture) => {
    const preset = presetAtScale(`cifar10-${ARCHITECTURES[architecture].preset}`, 'full');
    const { budget, batchSize, dspTt } = resolveConfig([{ from: 'test', values: preset }]);
    const epochs = PAPER_SETTINGS.epochs[architecture];
    expect([budget, batchSize]).toEqual([{ epochs }, PAPER_SETTINGS.batchSize[architecture]]);
    expect(Number(dspTt.tierShare) * epochs).toBeCloseTo(PAPER_SETTINGS.tierEpochs);
    expect([dspTt.rho1.increment, dspTt.rho2TimesLr]).toEqual([
      PAPER_SETTINGS.rho1Increment,
      PAPER_SETTINGS.rho2TimesLr,
    ]);
  });
});

describe("the peers' numbers", () => {
  const c100 = (...at: Parameters<typeof peersOf>) => peersOf(...at).map(({ errorPct }) => errorPct.cifar100);

  it('are those of the networks and methods asked for, up to a budget', () => {
    expect(c100('resnet', 'fge', 1)).toEqual([19.7]);
    expect(c100('resnet', 'fge', 3)).toEqual([19.7, 18.7, 18.3]);
    expect(c100('resnet', 'independent', 6)).toEqual([19.5, 18.4]);
    expect(c100('resnet', 'swa', 1.5)).toEqual([20.23, 19.65]);
    expect(c100('densenet', 'single', 1)).toEqual([22.27, 24.15]);
  });

  it('each have a source, and an error on at least one data set', () => {
    for (const { source, errorPct } of PEERS) {
      expect(SOURCES[source]).toBeTruthy();
      expect(errorPct.cifar10 ?? errorPct.cifar100).toBeGreaterThan(0);
    }
  });
});

describe('the known slips', () => {
  it("are so: DenseNet's baseline is the peers' column without augmentation", () => {
    const plain = PEERS.find(({ source }) => source === 'densenetPlain');
    expect(TABLE_1[0].errorPct).toEqual(plain?.errorPct);
  });

  it("are so: the single ResNet-164 is, to a hundredth, the SWA authors' at 150 epochs", () => {
    const borrowed = PEERS.find(
      ({ network, method, source }) => [network, method, source].join() === 'resnet,single,swa',
    );
    expect(borrowed).toMatchObject({ epochs: 150, errorPct: { cifar10: of3('Individual', 'cifar10') } });
    expect(Math.abs((borrowed?.errorPct.cifar100 ?? 0) - of3('Individual', 'cifar100'))).toBeLessThan(0.0101);
  });

  it('are so: SSE has the same numbers with 5 models and with 6', () => {
    const [two, three] = [
      TABLE_2.find(({ architecture, method }) => architecture === 'ResNet-164' && method === 'SSE'),
      TABLE_3.find(({ method }) => method === 'SSE'),
    ];
    expect([two?.models, three?.models]).toEqual([5, 6]);
    expect(two?.errorPct).toEqual(three?.errorPct);
  });

  it('are so: on VGG16 and CIFAR-10 the paper itself has FGE below DSP-TT', () => {
    const at = (method: string) =>
      errors(
        TABLE_2.filter((row) => row.architecture === 'VGG16' && row.method === method),
        'cifar10',
      )[0];
    expect(at('FGE')).toBeLessThan(at('DSP-TT'));
  });

  it('name tables that are there', () => {
    expect(SLIPS.flatMap(({ tables }) => tables).every((table) => TABLES.includes(table))).toBe(true);
  });
});

describe('rows of the tables', () => {
  it.each(TABLES)('of %s have names of their own, and every number that the paper prints there', (table) => {
    const rows = rowsOf(table, architecturesOf(table));
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    const printed = { table1: TABLE_1, table2: TABLE_2, table3: TABLE_3, table4: TABLE_4 }[table];
    const shown = rows.flatMap(({ paper }) => (paper === null ? [] : [paper.testErrorPct]));
    expect(shown).toEqual(printed.map(({ errorPct }) => errorPct));
  });

  it.each(['table2', 'table3'] as const)('of %s have the control, SWA, and both recipes of FGE', (table) => {
    const methods = rowsOf(table, ['resnet']).map(({ contestant }) => contestant.method);
    expect(methods).toEqual(expect.arrayContaining(['random-jump', 'swa']));
    expect(methods.filter((method) => method === 'fge')).toHaveLength(2);
  });

  it('share runs: table 4 shows networks of a run of table 3', () => {
    const keys = new Set(rowsOf('table3', ['resnet']).map(({ contestant }) => contestant.key));
    expect(rowsOf('table4', ['resnet']).every(({ contestant }) => keys.has(contestant.key))).toBe(true);
  });

  it('of one key are one run, in whatever table', () => {
    const byKey = new Map<string, object>();
    for (const table of TABLES) {
      for (const { contestant } of rowsOf(table, architecturesOf(table))) {
        expect(byKey.get(contestant.key) ?? contestant).toEqual(contestant);
        byKey.set(contestant.key, contestant);
      }
    }
    expect(byKey.size).toBeGreaterThan(8);
  });

  it('of table 2 are of all three networks', () => {
    expect(architecturesOf('table2')).toEqual(Object.keys(ARCHITECTURES));
  });
});
