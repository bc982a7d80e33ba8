import { resultEnsemble, resultSchema } from '../../src/store/result';
import { aMember, anEnsemble, aResult } from './a-result';

const accepts = (value: unknown) => resultSchema.safeParse(value).success;
const anExit = { step: 1, rho1: 0.5, distance: 2, cosine: 0.9, startLoss: 0.1, peakLoss: 1, overrun: 3, barrier: 0.2 };

describe('the schema of result.json', () => {
  it('takes a result as it is, without changing it', () => {
    const result = aResult({ members: [aMember(), aMember({ name: 'tier1-1', tier: 1, exit: anExit })] });
    expect(resultSchema.parse(result)).toEqual(result);
  });

  it('takes null for what was not measured', () => {
    expect(accepts(aResult({ members: [aMember({ testLoss: null, state: 'diverged', divergedAt: 7 })] }))).toBe(true);
    expect(accepts(aResult({ ensembles: [anEnsemble({ testErrorPct: null, brier: null })] }))).toBe(true);
    expect(accepts(aResult({ members: [aMember({ exit: { ...anExit, barrier: null } })] }))).toBe(true);
    expect(accepts(aResult({ pairs: { ...aResult().pairs, parameterDistance: [[null]] } }))).toBe(true);
  });

  it('refuses keys that it does not know, at every depth', () => {
    const result = aResult({ members: [aMember({ exit: anExit })] });
    const [member] = result.members;
    const [ensemble] = result.ensembles;
    expect(accepts({ ...result, more: 1 })).toBe(false);
    expect(accepts({ ...result, budget: { ...result.budget, more: 1 } })).toBe(false);
    expect(accepts({ ...result, timings: { ...result.timings, more: 1 } })).toBe(false);
    expect(accepts({ ...result, members: [{ ...member, more: 1 }] })).toBe(false);
    expect(accepts({ ...result, members: [{ ...member, exit: { ...anExit, more: 1 } }] })).toBe(false);
    expect(accepts({ ...result, ensembles: [{ ...ensemble, more: 1 }] })).toBe(false);
    expect(accepts({ ...result, pairs: { ...result.pairs, more: 1 } })).toBe(false);
  });

  it('refuses a missing key', () => {
    for (const key of Object.keys(aResult())) {
      const { [key]: _, ...without }: Record<string, unknown> = aResult();
      expect(accepts(without)).toBe(false);
    }
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses a measurement of %d', (value) => {
    expect(accepts(aResult({ members: [aMember({ testLoss: value })] }))).toBe(false);
    expect(accepts(aResult({ members: [aMember({ exit: { ...anExit, peakLoss: value } })] }))).toBe(false);
    expect(accepts(aResult({ ensembles: [anEnsemble({ ecePct: value })] }))).toBe(false);
    expect(accepts(aResult({ timings: { phases: [], stepsPerSecond: value, wallSeconds: 1 } }))).toBe(false);
  });

  it('refuses another schema, negative counts and fractions of a step', () => {
    expect(accepts({ ...aResult(), schema: 2 })).toBe(false);
    expect(accepts(aResult({ seed: -1 }))).toBe(false);
    expect(accepts(aResult({ budget: { ...aResult().budget, steps: 1.5 } }))).toBe(false);
    expect(accepts({ ...aResult(), members: [{ ...aMember(), state: 'searching' }] })).toBe(false);
  });
});

describe('resultEnsemble', () => {
  it('is the ensemble that the result names, not the first', () => {
    const own = anEnsemble({ name: 'tier-0-1' });
    expect(resultEnsemble(aResult({ ensembles: [anEnsemble(), own], result: 'tier-0-1' }))).toEqual(own);
  });

  it('fails where the result names none of its ensembles', () => {
    expect(() => resultEnsemble(aResult({ result: 'other' }))).toThrow('result other is not among the ensembles');
  });
});
