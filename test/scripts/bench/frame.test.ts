import { atLeast, atMost, rowOf, rowSchema } from '../../../scripts/bench/bench';
import { BENCHES } from '../../../scripts/bench/benches';
import { interleave, speedRatio, timeRatio } from '../../../scripts/bench/measure/interleave';
import { linearFit } from '../../../scripts/bench/measure/linear-fit';
import { pairedRatio } from '../../../scripts/bench/measure/pairs';
import { markdownReport, parseReport, type Report, terminalReport } from '../../../scripts/bench/measure/report';

const within = { median: 1.02, low: 0.99, high: 1.06, pairs: 15 };

describe('a row of a bench', () => {
  it.each([
    ['at most, the interval around it', atMost(1), '<= 1', true],
    ['at most, the interval wholly beyond it', atMost(0.98), '<= 0.98', false],
    ['at most, the interval within it', atMost(1.1), '<= 1.1', true],
    ['at least, the interval around it', atLeast(1.05), '>= 1.05', true],
    ['at least, the interval wholly beyond it', atLeast(1.07), '>= 1.07', false],
    ['none', null, null, null],
  ])('with a target %s', (_what, target, written, met) => {
    expect(rowOf('some', within, target, { s: 1 })).toEqual({
      name: 'some',
      ratio: 1.02,
      low: 0.99,
      high: 1.06,
      target: written,
      met,
      pairs: 15,
      absolute: { s: 1 },
    });
  });

  it.each([
    ['too few pairs to tell', 5, false, true],
    ['pairs enough', 6, false, false],
    ['one, and no other could differ', 1, true, false],
  ])('beyond its target: %s', (_what, pairs, isExact, met) => {
    expect(rowOf('some', { ...within, pairs, isExact }, atMost(0.9), {}).met).toBe(met);
  });

  it('has the keys that the acceptance pack reads', () => {
    expect(Object.keys(rowSchema.shape)).toEqual(
      expect.arrayContaining(['name', 'ratio', 'low', 'high', 'target', 'met']),
    );
  });

  it('is refused without a number', () => {
    expect(() => rowOf('some', { ...within, low: Number.NaN }, null, {})).toThrow();
  });
});

describe('interleaved pairs', () => {
  it('change who begins from pair to pair, and do not count the one that warms up', async () => {
    const order: string[] = [];
    const side = (name: string, seconds: number) => async (pair: number) => {
      order.push(`${name}${pair}`);
      return pair < 0 ? 1000 : seconds;
    };
    const found = await interleave(3, side('a', 2), side('b', 4));
    expect(order).toEqual(['b-1', 'a-1', 'a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
    expect(found).toEqual({ first: [2, 2, 2], second: [4, 4, 4] });
    expect([timeRatio(found).median, speedRatio(found).median]).toEqual([0.5, 2]);
  });

  it('have as an interval the order statistics of a sign test', () => {
    const ratios = Array.from({ length: 15 }, (_, k) => k + 1);
    expect(pairedRatio(ratios)).toEqual({ median: 8, low: 4, high: 12, pairs: 15 });
    expect(pairedRatio([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3, pairs: 3 });
  });
});

describe('a straight line through times', () => {
  it('has the slope that the points have, and explains all of them', () => {
    expect(linearFit([1, 2, 4], [5, 7, 11])).toEqual({ slope: 2, intercept: 3, r2: 1 });
  });

  it('explains less of what is no line', () => {
    expect(linearFit([0, 1, 2], [0, 1, 0]).r2).toBe(0);
  });
});

describe('a report', () => {
  const report: Report = {
    schema: 1,
    command: 'npm run bench -- --quick',
    quick: true,
    environment: {
      date: '2026-11-25T12:00:00.000Z',
      commit: 'abc1234',
      machine: { cpu: 'a CPU', cores: 2, memoryGiB: 24, system: 'Linux' },
      versions: { node: '20.0.0' },
      device: 'cpu',
      torchThreads: 1,
    },
    rows: [rowOf('good', within, atMost(1.1), { 'ms/step': 1.23456 }), rowOf('bad', within, atMost(0.9), {})],
    failures: [{ bench: 'broken', message: 'no such device' }],
    seconds: 61.2,
  };

  it('can be read back as it was written', () => {
    expect(parseReport(JSON.stringify(report))).toEqual(report);
  });

  it('says in Markdown where it was made, what was met and missed, and what could not be run', () => {
    const text = markdownReport(report);
    expect(text).toMatch(
      /`npm run bench -- --quick` \(quick\), 2026-11-25T12:00:00.000Z, commit abc1234: a CPU, 2 cores/,
    );
    expect(text).toMatch(/\| good \| ms\/step 1\.235 \| 1\.020 \| 0\.990 to 1\.060 \| &lt;= 1\.1 \| yes \| 15 \|/);
    expect(text).toMatch(/\| bad \|.*\| NO \|/);
    expect(text).toMatch(/broken could not be run: no such device/);
  });

  it('has the same rows in a terminal', () => {
    expect(terminalReport(report)).toMatch(/good.*0\.990 to 1\.060.*yes/);
  });
});

describe('the list of benches', () => {
  it('has each name once', () => {
    const names = BENCHES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
