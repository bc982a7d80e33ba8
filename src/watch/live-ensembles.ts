import type { Config } from '../config/schema';
import type { Outputs } from '../ensemble/combine';
import { hasValidation, type Task } from '../executor/executor';
import { isUsable, type MethodOutcome } from '../methods/method';
import { ensemblesAmong, type KeepOutputs, type ScoredSplit, shownOf } from '../run/assess/measure';
import { errorsAndLosses, type SplitOutputs } from '../run/assess/score';
import type { EnsembleView } from './live-view';

/** Outputs of a split so far. They cannot be scored before the targets, which a run may ask for last. */
interface Known {
  readonly outputs: Map<string, Outputs>;
  targets: Float32Array | null;
}

/** Ensembles of the networks that a run has measured so far. Scored on demand, once for each new network. */
export class LiveEnsembles implements KeepOutputs {
  readonly #config: Config;
  readonly #task: Task;
  readonly #outcome: MethodOutcome;
  readonly #known: Readonly<Record<ScoredSplit, Known>>;
  #views: readonly EnsembleView[] = [];
  #scored = 0;

  constructor(config: Config, task: Task, outcome: MethodOutcome) {
    this.#config = config;
    this.#task = task;
    this.#outcome = outcome;
    const nothing = hasValidation(task) ? null : new Float32Array();
    this.#known = { validation: { outputs: new Map(), targets: nothing }, test: { outputs: new Map(), targets: null } };
  }

  readonly outputs: KeepOutputs['outputs'] = async (split, name, values) => {
    if (name === 'targets') this.#known[split].targets = values;
    else this.#known[split].outputs.set(name, shownOf(values, this.#config.loss));
  };

  /** Returns each ensemble with its networks measured so far; from two networks on, as one is no ensemble. */
  views(): readonly EnsembleView[] {
    const [validation, test] = [split(this.#known.validation), split(this.#known.test)];
    if (validation === null || test === null) return [];
    const names = [...test.outputs.keys()]; // the test outputs of a network come after its other outputs
    if (names.length < this.#fewest() || names.length === this.#scored) return this.#views;
    this.#scored = names.length;
    const { loss, selection } = this.#config;
    const { result } = this.#outcome;
    const some = ensemblesAmong(this.#outcome, names, this.#config, this.#task).filter(
      (spec) => spec.members.length > 0,
    );
    this.#views = some.map((spec) => ({
      name: spec.name,
      members: spec.members.length,
      isResult: selection.rule === 'all' && spec.name === result, // a selection needs all networks
      ...errorsAndLosses(spec, { loss, validation, test }),
    }));
    return this.#views;
  }

  /** Minimum number of networks to show: 2, or 1 if the method has found a single one. */
  #fewest(): number {
    return Math.min(2, this.#outcome.candidates.filter(isUsable).length);
  }
}

function split({ outputs, targets }: Known): SplitOutputs | null {
  return targets === null ? null : { outputs, targets };
}
