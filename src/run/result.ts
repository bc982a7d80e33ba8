import { type Config, datasetName, modelName } from '../config/schema';
import type { Task } from '../executor/executor';
import type { MethodOutcome } from '../methods/method';
import type { Result } from '../store/result';
import type { Assessment } from './assess/assess';
import { calibrationWords } from './assess/calibration-words';
import { unusedSteps } from './stopped-trainings';

interface Parts {
  readonly config: Config;
  readonly task: Task;
  readonly outcome: MethodOutcome;
  readonly assessment: Assessment;
  /** SHA-256 of data.json, if that was written. */
  readonly dataSha256?: string;
  readonly versions: Result['versions'];
  readonly timings: Result['timings'];
}

/** Returns the contents of a run's result.json, with its keys in their fixed order. */
export function resultOf({ config, task, outcome, assessment, dataSha256, versions, timings }: Parts): Result {
  const ensemble = assessment.ensembles.find(({ name }) => name === assessment.result);
  const calibration = ensemble ? calibrationWords(ensemble) : null;
  const notices = [...task.notices, ...(outcome.notices ?? []), ...(calibration === null ? [] : [calibration])];
  return {
    schema: 1,
    method: config.method,
    preset: config.preset,
    dataset: datasetName(config),
    ...(dataSha256 !== undefined && { dataSha256 }),
    model: modelName(config),
    parameters: task.parameters,
    ...(task.samplesSha256 !== undefined && { samplesSha256: task.samplesSha256 }),
    network: networkOf(task),
    ...(Object.keys(task.lossCode ?? {}).length > 0 && { lossCode: task.lossCode }),
    seed: config.seed,
    device: task.device,
    threads: task.threads,
    precision: config.precision,
    budget: {
      steps: outcome.spent.steps,
      epochs: outcome.spent.steps / task.stepsPerEpoch,
      tier0: outcome.spent.tier0,
      search: outcome.spent.search,
    },
    ...(outcome.stopped && {
      earlyStopping: { unusedSteps: unusedSteps(outcome.stopped), stopped: outcome.stopped },
    }),
    selectedOn: config.selectOn,
    members: [...assessment.members],
    ensembles: [...assessment.ensembles],
    pairs: assessment.pairs,
    ...(assessment.classScores && { classScores: assessment.classScores }),
    ...(assessment.barriers !== null && { barriers: assessment.barriers }),
    result: assessment.result,
    ...(outcome.searches !== undefined && { searches: outcome.searches }),
    ...(notices.length > 0 && { notices }),
    versions,
    timings,
  };
}

function networkOf({ signature, stateSha256, code = {}, weightsSha256 }: Task): Result['network'] {
  return {
    signature,
    stateSha256,
    ...(Object.keys(code).length > 0 && { code }),
    ...(typeof weightsSha256 === 'string' && { weightsSha256 }),
  };
}
