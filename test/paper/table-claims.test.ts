import { claimsOf } from '../../src/paper/table-claims';
import { aTable } from './a-table';

describe('what the tables are said to show', () => {
  const judged = (table: Parameters<typeof aTable>[0], over: Parameters<typeof aTable>[1] = {}) =>
    claimsOf(table, aTable(table, over).rows);
  const failing = (...of: Parameters<typeof judged>) => judged(...of).filter(({ holds }) => !holds);

  it("is true of the paper's own numbers of tables 1, 3 and 4, but for what it prints itself", () => {
    expect(failing('table3')).toEqual([]);
    expect(failing('table4')).toEqual([]);
    expect(failing('table1').map(({ claim }) => claim)).toEqual([]);
  });

  it('is not true of VGG16 in table 2, where the paper prints FGE below DSP-TT, and no correlation of rivals', () => {
    const claims = failing('table2');
    expect(claims.every(({ claim }) => claim.startsWith('vgg'))).toBe(true);
    expect(claims.map(({ seen }) => seen)).toContain(
      'DSP-TT has error 6.56 % (one seed), FGE has error 6.48 % (one seed)',
    );
  });

  it('does not hold where DSP-TT is worse, more alike or nearer', () => {
    const claims = failing('table3', {
      'resnet/dsp-tt': [{ testErrorPct: 4.7, outputCorrelation: 0.95, parameterDistance: 12 }],
    });
    const words = claims.map(({ claim }) => claim).join('; ');
    for (const part of ['outperforms the other ensembles', 'less correlated', 'more distant', 'similar level']) {
      expect(words).toContain(part);
    }
  });

  it('is judged by means over seeds, and said with standard errors', () => {
    const seeds = [4.4, 4.8].map((testErrorPct) => ({ testErrorPct }));
    const claim = judged('table3', { 'resnet/dsp-tt': seeds })[0];
    expect(claim.seen).toContain('DSP-TT-0-1 has error 4.60 ± 0.20 %');
    expect(claim.holds).toBe(true);
  });

  it('does not hold where nothing was measured, and says so', () => {
    const claims = claimsOf('table3', []);
    expect(claims.every(({ holds }) => !holds)).toBe(true);
    expect(claims[0].seen).toContain('a row that is missing');
    expect(claimsOf('table4', [])[0]).toMatchObject({ holds: false, seen: 'nothing was measured' });
  });

  it('counts tier-1 networks that are worse than tier 0', () => {
    expect(failing('table4', { 'tier-1(#3)': [{ testErrorPct: 5.01 }] })[0].seen).toContain('1 of 5 tier-1 networks');
  });
});
