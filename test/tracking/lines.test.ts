import { parametersOf, resultLines, scalars } from '../../src/tracking/lines';
import { tinyConfig } from '../builders';
import { aMember, anEnsemble, aResult } from '../store/a-result';

describe('what a tracker is told', () => {
  it('of the settings is each by its path, as text', () => {
    const parameters = parametersOf(tinyConfig());
    expect(parameters).toMatchObject({ 'dspTt.rho1.max': '1', 'dspTt.tiers': '[3]', method: 'dsp-tt', preset: 'wine' });
    expect(Object.values(parameters).every((value) => typeof value === 'string')).toBe(true);
    expect(Object.keys(parameters)).not.toContain('dspTt');
  });

  it('of values that are no finite numbers is nothing', () => {
    expect(
      scalars('tier0', 'descent/loss', [0, 1, 2], Float32Array.of(0.5, Number.NaN, Number.POSITIVE_INFINITY)),
    ).toEqual({ series: 'tier0', tag: 'descent/loss', steps: [0, 1, 2], values: [0.5, null, null] });
  });

  it("of the result is every network in its series, every ensemble in the run's, and a table of each", () => {
    const members = [aMember(), aMember({ name: 'tier1-1', testLoss: null, state: 'diverged' })];
    const lines = resultLines(aResult({ members, ensembles: [anEnsemble({ name: 'a|b', testErrorPct: 4.25 })] }));
    expect(lines).toContainEqual({ series: 'tier0', tag: 'final/testLoss', steps: [0], values: [0.3] });
    expect(lines).toContainEqual({ series: null, tag: 'a|b/testErrorPct', steps: [0], values: [4.25] });
    expect(lines).not.toContainEqual(expect.objectContaining({ series: 'tier1-1', tag: 'final/testLoss' }));
    const table = lines.find((line) => 'text' in line && line.text === 'ensembles');
    expect(table).toMatchObject({
      markdown: expect.stringContaining('| a\\|b | meanSoftmax | 5 | 0.2 | 4.25 | 0.3 |'),
    });
  });
});
