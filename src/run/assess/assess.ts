import type { Config } from '../../config/schema';
import { presentOf } from '../../ensemble/decisions';
import { disagreementsPct, outputCorrelations, type PairMatrix, parameterDistances } from '../../ensemble/diversity';
import { kindOf } from '../../ensemble/task-kind';
import { DivergedError } from '../../errors';
import type { Executor } from '../../executor/executor';
import type { EnsembleSpec, MethodOutcome } from '../../methods/method';
import type { EnsembleResult, MemberResult, Result } from '../../store/result';
import { CHEAP_BARRIERS, CURRENT_FLAGS, TEMPERATURE_PRIOR } from '../durable/flags';
import type { MeasureBarrier } from './barriers';
import { classScoresOf } from './class-scores';
import { ensemblesAmong, type Keep, measureNetworks } from './measure';
import { type Scored, type SplitOutputs, scoreEnsemble, scoreSelected } from './score';

export interface Assessment {
  readonly members: readonly MemberResult[];
  readonly ensembles: readonly EnsembleResult[];
  readonly pairs: Result['pairs'];
  /** Undefined for regression. */
  readonly classScores: Result['classScores'];
  /** Barriers are measured on one in so many training samples; null if none is, and in older runs. */
  readonly barriers: { readonly every: number } | null;
  readonly result: string;
}

/**
 * Measures the networks that a method found: each alone, its barrier to its parent, every pair, and the ensembles. A
 * network whose outputs are not finite numbers is in no ensemble.
 * @param flags behaviour flags that the run was begun with; by default those of new runs
 * @throws DivergedError when no network remains in the ensemble that is the method's result
 */
export async function assess(
  executor: Executor,
  outcome: MethodOutcome,
  config: Config,
  keep: Keep,
  flags: readonly number[] = CURRENT_FLAGS,
): Promise<Assessment> {
  const { members, validation, test, plan, barrier } = await measureNetworks(executor, outcome, config, keep, flags);
  const names = [...test.outputs.keys()];
  const specs = ensemblesAmong(outcome, names, config, executor.task);
  mustHaveResult(specs, outcome);
  const pairs = matricesOf(test, parameterDistances(await executor.distances(names), names.length), config);
  const hasPrior = flags.includes(TEMPERATURE_PRIOR);
  const kind = kindOf(config.loss);
  const labels = kind === 'labels' ? executor.task.classes.length : null;
  const scored: Scored = { loss: config.loss, validation, test, perSample: labels ?? 1, pairs, hasPrior };
  const ensembles = specs.map((spec) => scoreEnsemble(spec, scored));
  const own = specs.find(({ name }) => name === outcome.result);
  const chosen = config.selection.rule !== 'all' && own ? [scoreSelected(own, scored, config.selection)] : [];
  const barriers = plan.which === 'all' ? await pairBarriers(names, barrier) : null;
  const all = [...ensembles, ...chosen];
  return {
    members,
    ensembles: all,
    pairs: pairsOf(names, scored.pairs, barriers),
    classScores: kind === 'numbers' ? undefined : classScoresOf(test, all, labels),
    barriers: plan.segments > 0 && flags.includes(CHEAP_BARRIERS) ? { every: plan.every } : null,
    result: chosen.length > 0 ? chosen[0].name : outcome.result,
  };
}

function mustHaveResult(specs: readonly EnsembleSpec[], { result }: MethodOutcome): void {
  if (specs.some(({ name, members }) => name === result && members.length > 0)) return;
  throw new DivergedError(`no network of ${result} has outputs that are finite numbers; lower the learning rate`);
}

async function pairBarriers(names: readonly string[], barrier: MeasureBarrier): Promise<PairMatrix> {
  const matrix = names.map(() => new Array<number | null>(names.length).fill(0));
  for (const [a, name] of names.entries()) {
    for (const [b, other] of names.slice(0, a).entries()) {
      matrix[a][b] = matrix[b][a] = await barrier(other, name);
    }
  }
  return matrix;
}

function matricesOf({ outputs, targets }: SplitOutputs, distances: PairMatrix, { loss }: Config): Scored['pairs'] {
  const [all, kind] = [[...outputs.values()], kindOf(loss)];
  const disagreements = kind === 'numbers' ? null : disagreementsPct(all, all[0].length / targets.length);
  const correlations = outputCorrelations(kind === 'labels' ? all.map(presentOf) : all);
  return { correlations, distances, disagreements };
}

function pairsOf(
  names: readonly string[],
  { correlations, distances, disagreements }: Scored['pairs'],
  barriers: PairMatrix | null,
): Result['pairs'] {
  return {
    names: [...names],
    outputCorrelation: rows(correlations),
    parameterDistance: rows(distances),
    disagreementPct: rows(disagreements ?? names.map(() => names.map(() => null))),
    barrier: barriers && rows(barriers),
  };
}

function rows(matrix: PairMatrix): (number | null)[][] {
  return matrix.map((row) => [...row]);
}
