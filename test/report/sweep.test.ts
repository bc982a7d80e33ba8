import { sweepReport } from '../../src/report/sweep';
import { type SweepRow, sweepSchema } from '../../src/store/sweep';

function aRow(over: Partial<SweepRow> = {}): SweepRow {
  return {
    rho1Increment: 0.001,
    rho2TimesLr: 0.1,
    seed: 0,
    paths: 5,
    exits: 5,
    diverged: 0,
    searchSteps: 1200,
    iterations: 800,
    rho1AtExit: 0.8,
    distanceAtExit: 6,
    cosineAtExit: 0.98,
    ...over,
  };
}

const none = { exits: 0, diverged: 1, iterations: null, rho1AtExit: null, distanceAtExit: null, cosineAtExit: null };
const sweep = {
  schema: 1 as const,
  preset: 'wine',
  rows: [aRow(), aRow({ rho2TimesLr: 1, ...none }), aRow({ seed: 1, exits: 3, iterations: 900, searchSteps: 1300 })],
};

describe('a sweep', () => {
  it('is a table with a line a pair: exits in all, means and standard errors over seeds', () => {
    const lines = sweepReport(sweep, 'markdown').trimEnd().split('\n').slice(2);
    expect(lines).toEqual([
      '| 0.001 | 0.1 | 8 of 10 | 850 ± 50 | 0.800 ± 0.000 | 6.00 ± 0.00 | 0.980 ± 0.000 | 1,250 |',
      '| 0.001 | 1 | 0 of 5 (1 diverged) | - | - | - | - | 1,200 |',
    ]);
  });

  it('is CSV with a line a pair and seed, empty where nothing exited', () => {
    const [head, ...lines] = sweepReport(sweep, 'csv').trimEnd().split('\n');
    expect(head).toBe(
      'rho1Increment,rho2TimesLr,seed,paths,exits,diverged,searchSteps,iterations,rho1AtExit,distanceAtExit,cosineAtExit',
    );
    expect(lines).toEqual([
      '0.001,0.1,0,5,5,0,1200,800,0.8,6,0.98',
      '0.001,1,0,5,0,1,1200,,,,',
      '0.001,0.1,1,5,3,0,1300,900,0.8,6,0.98',
    ]);
  });

  it('is JSON of its schema, unchanged', () => {
    expect(sweepSchema.parse(JSON.parse(sweepReport(sweep, 'json')))).toEqual(sweep);
  });
});
