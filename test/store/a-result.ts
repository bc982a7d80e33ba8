import type { EnsembleResult, MemberResult, Result } from '../../src/store/result';

export function aMember(over: Partial<MemberResult> = {}): MemberResult {
  return {
    name: 'tier0',
    tier: 0,
    parent: null,
    exit: null,
    round: null,
    state: 'trained',
    divergedAt: null,
    trainLoss: 0.1,
    validationErrorPct: 5,
    validationLoss: 0.2,
    validationRmse: null,
    testErrorPct: 6,
    testLoss: 0.3,
    testRmse: null,
    barrierToParent: null,
    file: null,
    sha256: null,
    ...over,
  };
}

export function anEnsemble(over: Partial<EnsembleResult> = {}): EnsembleResult {
  return {
    name: 'tier-0',
    members: ['tier0'],
    rule: 'meanSoftmax',
    weights: null,
    validationErrorPct: 5,
    validationLoss: 0.2,
    validationRmse: null,
    testErrorPct: 6,
    testLoss: 0.3,
    testRmse: null,
    temperature: 1.1,
    calibratedTestLoss: 0.29,
    brier: 0.1,
    ecePct: 2,
    outputCorrelation: null,
    parameterDistance: null,
    disagreementPct: null,
    ...over,
  };
}

export function aResult(over: Partial<Result> = {}): Result {
  return {
    schema: 1,
    method: 'single',
    preset: 'wine',
    dataset: 'wine',
    model: 'mlp',
    parameters: 10,
    seed: 0,
    device: 'cpu',
    threads: 1,
    precision: 'fp32',
    budget: { steps: 100, epochs: 33.3, tier0: 100, search: 0 },
    selectedOn: 'validation',
    members: [aMember()],
    ensembles: [anEnsemble()],
    pairs: {
      names: ['tier0'],
      outputCorrelation: [[1]],
      parameterDistance: [[0]],
      disagreementPct: [[0]],
      barrier: null,
    },
    result: 'tier-0',
    versions: { torch: '2' },
    timings: { phases: [{ phase: 'tier0', seconds: 1 }], stepsPerSecond: 100, wallSeconds: 2 },
    ...over,
  };
}
