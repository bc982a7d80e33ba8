import { combine, inverseLossWeights, type Outputs, type Rule, type Targets } from '../../ensemble/combine';
import { meanOfPairs, type PairMatrix } from '../../ensemble/diversity';
import { mistakenSamples } from '../../ensemble/label-scores';
import { meanLoss, metrics, regressionMetrics } from '../../ensemble/metrics';
import { type SelectionOptions, select } from '../../ensemble/selection';
import { kindOf, type LossName } from '../../ensemble/task-kind';
import { fitTemperature, lossAtTemperature, PRIOR } from '../../ensemble/temperature';
import type { EnsembleSpec } from '../../methods/method';
import type { EnsembleResult } from '../../store/result';

/** Outputs of a run's networks for one split, by name, and the targets of that split. */
export interface SplitOutputs {
  readonly outputs: ReadonlyMap<string, Outputs>;
  readonly targets: Targets;
}

/** Inputs of the ensembles' errors and losses. */
export interface ScoredSplits {
  readonly loss: LossName;
  readonly validation: SplitOutputs;
  readonly test: SplitOutputs;
}

/** Inputs of all scores of ensembles. */
export interface Scored extends ScoredSplits {
  /** Number of targets of one sample: 1, or of labels their number. */
  readonly perSample: number;
  /** Measures of every two networks, in the order of the test outputs; disagreements only for classes. */
  readonly pairs: {
    readonly correlations: PairMatrix;
    readonly distances: PairMatrix;
    readonly disagreements: PairMatrix | null;
  };
  /** Fits temperatures with a prior; without in runs that were begun before `TEMPERATURE_PRIOR`. */
  readonly hasPrior: boolean;
}

/** An ensemble with its weights; null if its rule does not weigh members. */
interface Weighted extends EnsembleSpec {
  readonly weights: readonly number[] | null;
}

/** Computes an ensemble's errors and losses only: cheap enough for a live view of the run. */
export function errorsAndLosses(spec: EnsembleSpec, splits: ScoredSplits): ErrorsAndLosses {
  const weighted = { ...spec, weights: weightsOf(spec, splits) };
  const { validation, test, loss } = splits;
  const onValidation = scores(combined(weighted, validation), validation.targets, loss, spec.rule);
  const onTest = scores(combined(weighted, test), test.targets, loss, spec.rule);
  return named(onValidation, onTest);
}

type ErrorsAndLosses = Pick<
  EnsembleResult,
  'validationErrorPct' | 'validationLoss' | 'validationRmse' | 'testErrorPct' | 'testLoss' | 'testRmse'
>;

/** Computes an ensemble's scores on both splits, and the diversity of its members. */
export function scoreEnsemble(spec: EnsembleSpec, scored: Scored): EnsembleResult {
  return scoreWeighted({ ...spec, weights: weightsOf(spec, scored) }, scored);
}

/**
 * Selects members of an ensemble and scores the result, named `selected`. The selection sees only validation outputs,
 * nothing of the test split.
 */
export function scoreSelected(spec: EnsembleSpec, scored: Scored, options: SelectionOptions): EnsembleResult {
  const { validation, loss } = scored;
  const outputs = spec.members.flatMap((name) => validation.outputs.get(name) ?? []);
  const { members, weights } = select({ outputs, targets: validation.targets, loss }, options);
  const chosen = { ...spec, name: 'selected', members: members.map((k) => spec.members[k]), weights };
  return scoreWeighted(chosen, scored);
}

function weightsOf({ rule, members }: EnsembleSpec, { validation, loss }: ScoredSplits): readonly number[] | null {
  if (rule !== 'validationWeighted') return null;
  const outputs = members.flatMap((name) => validation.outputs.get(name) ?? []);
  return inverseLossWeights(outputs.map((own) => meanLoss(own, validation.targets, loss)));
}

function scoreWeighted(spec: Weighted, scored: Scored): EnsembleResult {
  const { loss, validation, test, pairs } = scored;
  const { name, members, rule, weights } = spec;
  const all = [...test.outputs.keys()];
  const [fitted, shown] = [combined(spec, validation), combined(spec, test)];
  const chosen = members.map((member) => all.indexOf(member));
  const ownScores = scores(shown, test.targets, loss, rule);
  const onValidation = scores(fitted, validation.targets, loss, rule);
  const calibrated = calibration(fitted, shown, scored, onValidation);
  return {
    name,
    members: [...members],
    rule,
    weights: weights && [...weights],
    ...named(onValidation, ownScores),
    ...calibrated,
    brier: ownScores.brier,
    ecePct: ownScores.ecePct,
    outputCorrelation: meanOfPairs(pairs.correlations, chosen),
    parameterDistance: meanOfPairs(pairs.distances, chosen),
    disagreementPct: pairs.disagreements && meanOfPairs(pairs.disagreements, chosen),
  };
}

/** Fits the temperature on validation, and computes the test loss at it; null if there are no probabilities. */
function calibration(
  fitted: Float64Array | null,
  shown: Float64Array | null,
  { validation, test, perSample, hasPrior }: Scored,
  { loss, errorPct }: Scores,
) {
  if (fitted === null || shown === null || loss === null || errorPct === null) {
    return { temperature: null, calibratedTestLoss: null };
  }
  const temperature = fitTemperature(fitted, validation.targets, hasPrior ? PRIOR : 0);
  const calibratedTestLoss = lossAtTemperature(shown, test.targets, temperature);
  const samples = validation.targets.length / perSample;
  const fittedOn = { samples, mistakes: mistakenSamples(fitted, validation.targets, perSample) };
  return { temperature, calibratedTestLoss, ...(hasPrior && { fittedOn }) };
}

/** Combines the members' outputs for a split; null without members. */
function combined({ members, rule, weights }: Weighted, { outputs, targets }: SplitOutputs): Float64Array | null {
  const own = members.flatMap((name) => outputs.get(name) ?? []);
  return own.length === 0 ? null : combine(own, own[0].length / targets.length, rule, weights ?? undefined);
}

const NOTHING = { errorPct: null, loss: null, rmse: null, brier: null, ecePct: null };

function named(onValidation: Scores, onTest: Scores): ErrorsAndLosses {
  return {
    validationErrorPct: onValidation.errorPct,
    validationLoss: onValidation.loss,
    validationRmse: onValidation.rmse,
    testErrorPct: onTest.errorPct,
    testLoss: onTest.loss,
    testRmse: onTest.rmse,
  };
}

type Scores = ReturnType<typeof scores>;

/** Computes the scores that exist: a vote has an error, but no probabilities and no loss; numbers have no error. */
function scores(outputs: Float64Array | null, targets: Targets, loss: LossName, rule: Rule) {
  if (outputs === null) return NOTHING;
  if (kindOf(loss) === 'numbers') return { ...NOTHING, ...regressionMetrics(outputs, targets) };
  const all = metrics(outputs, targets);
  return rule === 'majorityVote' ? { ...NOTHING, errorPct: all.errorPct } : { ...NOTHING, ...all };
}
