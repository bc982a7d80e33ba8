import type { Requests } from '../bridge/workers/worker';
import { budgetSteps, type Config } from '../config/schema';
import type { Task } from '../executor/executor';
import { TorchExecutor } from '../executor/torch';
import { findMethod } from '../methods';
import type { MethodContext, MethodOutcome } from '../methods/method';
import type { MethodEvent, StoppedTraining } from '../trust-tech/events';
import { EVALUATION } from '../trust-tech/names';
import { emaWords } from './ema-words';
import type { RunListener } from './events';
import type { OpenOptions } from './options';
import { withoutUnused } from './stopped-trainings';

/** Input, listeners and task options of one performance. */
export interface Performance extends OpenOptions {
  /** Opens the task. Default: with the configuration unchanged, since a journal reads no data. */
  readonly open?: (requests: Requests, config: Config, options: OpenOptions) => Promise<TorchExecutor>;
  readonly tier0: MethodContext['tier0'];
  /** Called for every command, in order. It must not throw. */
  readonly onCommand?: RunListener['onCommand'] | undefined;
  /** Called before the method's first command, with the task and the budget in steps. What it throws ends the run. */
  readonly onTask?: (task: Task, steps: number) => void | Promise<void>;
  readonly report: (event: MethodEvent) => void;
}

/** A method's candidates and ensembles, not yet measured, and the executor that can measure them. */
export interface Performed {
  readonly executor: TorchExecutor;
  readonly outcome: MethodOutcome;
}

/**
 * Runs the method of a configuration. The requests may be answered by a worker, by a journal (replay), or by a journal
 * that another process still writes (live view): the method makes the same commands in each case.
 */
export async function perform(
  requests: Requests,
  config: Config,
  { open = TorchExecutor.open, tier0, onCommand, onTask, report, ...options }: Performance,
): Promise<Performed> {
  const executor = await open(onCommand === undefined ? requests : heard(requests, onCommand), config, options);
  const steps = budgetSteps(config, executor.task.stepsPerEpoch);
  await onTask?.(executor.task, steps);
  const stopped: StoppedTraining[] = [];
  const listen = (event: MethodEvent) => {
    if (event.type === 'stopped') stopped.push(event.training);
    report(event);
  };
  const outcome = await findMethod(config.method).run({ executor, config, steps, tier0, report: listen });
  report({ type: 'phase', phase: EVALUATION, steps: 0 });
  const made = withoutUnused(outcome, stopped);
  const slow = emaWords(config.localSolver.ema, made.traces);
  return { executor, outcome: slow === null ? made : { ...made, notices: [...(made.notices ?? []), slow] } };
}

function heard(requests: Requests, onCommand: RunListener['onCommand']): Requests {
  return {
    request: (op, args, lane) => {
      const answer = requests.request(op, args, lane);
      onCommand(op, args, answer);
      return answer;
    },
  };
}
