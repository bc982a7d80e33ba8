import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { budgetSteps, type Config } from '../config/schema';
import { ConfigError, DataError, JournalError } from '../errors';
import { hasValidation, type Task } from '../executor/executor';
import { findMethod, METHODS } from '../methods';

/**
 * Checks that the files and the folder which a configuration names are there, before a worker is started for them. They are
 * on this machine, unless the worker is on another one.
 * @throws ConfigError for a file of code, DataError for weights and for the folder of the data
 */
export function mustFindFiles({ dataset, model, trainingLoss }: Config): void {
  const functions = {
    'model.python': model.python,
    'dataset.python': dataset.python,
    'trainingLoss.python': trainingLoss.python,
  };
  for (const [option, stated] of Object.entries(functions)) {
    const [, file] = /^(.*\.py)(?::.*)?$/s.exec(stated ?? '') ?? [];
    if (file !== undefined && !existsSync(file)) throw new ConfigError(`${option}: there is no file ${resolve(file)}`);
  }
  if (model.weights !== null && !existsSync(model.weights)) {
    throw new DataError(`model.weights: there is no file ${resolve(model.weights)}`);
  }
  if (dataset.dir !== null && !existsSync(dataset.dir)) {
    throw new DataError(`the data directory ${resolve(dataset.dir)} does not exist`);
  }
}

/**
 * Checks that the method can end its networks in a running average of their weights, if the configuration asks for it.
 * @throws ConfigError when it cannot, or when another average is asked for
 */
export function mustTakeEma({ method, localSolver, dspTt }: Config): void {
  if (localSolver.ema === null) return;
  if (findMethod(method).takesEma !== true) {
    const known = Object.keys(METHODS).filter((name) => METHODS[name].takesEma);
    throw new ConfigError(
      `localSolver.ema is for methods whose networks are each one whole descent (${known.join(', ')}), got method ${method}: leave it out`,
    );
  }
  if (dspTt.averageMembers) {
    throw new ConfigError('localSolver.ema and dspTt.averageMembers both average the weights of a member: choose one');
  }
}

/** Number of checkpoints on the disk: two that are kept, and one that is being written. */
const CHECKPOINTS = 3;
/** Bytes that a step writes: its numbers in the journal and in a trace. */
const BYTES_A_STEP = 100;
const MIB = 2 ** 20;

/**
 * Returns an upper bound for the bytes of a run's directory. Networks are stored as members and in checkpoints, there
 * with a solver's state (Adam's has twice as many numbers) and a running average; paths only in checkpoints; outputs as files and in the
 * journal.
 */
export function bytesOnDisk(config: Config, { parameters, samples, classes, stepsPerEpoch }: Task): number {
  const networks = findMethod(config.method).networks(config);
  const paths = Math.max(...config.dspTt.tiers);
  const vector = 4 * parameters;
  const outputs = 4 * Math.max(1, classes.length) * (samples.train + 2 * samples.validation + 2 * samples.test);
  const solver = config.localSolver.solver === 'sgd' ? 1 : 2;
  const average = config.localSolver.ema === null ? 0 : 1;
  const copies = config.localSolver.earlyStopping.patience === null ? 0 : config.membersAtOnce;
  const checkpoints = CHECKPOINTS * vector * ((networks + copies) * (1 + solver + average) + paths);
  return networks * (vector + outputs) + checkpoints + BYTES_A_STEP * budgetSteps(config, stepsPerEpoch) + MIB;
}

/**
 * Checks the disk before the first step, so that no run fails for lack of space after hours.
 * @throws JournalError when the disk of the directory has less space than the run may take
 */
export async function mustHaveSpace(directory: string, config: Config, task: Task): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const [wanted, free] = [bytesOnDisk(config, task), bavail * bsize];
  if (free >= wanted) return;
  throw new JournalError(
    `the run may take ${mebibytes(wanted)} in ${directory} (members, outputs and checkpoints), but its disk has ${mebibytes(free)} left: free some, or name another directory with --out`,
  );
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / MIB)} MiB`;
}

/**
 * Checks that the data set has validation samples if the configuration selects by them.
 * @throws ConfigError when it has none
 */
export function mustHaveValidation({ selectOn, selection, localSolver }: Config, task: Task): void {
  if (hasValidation(task)) return;
  const none = 'the data set has no validation samples (dataset.args.validation is 0)';
  if (selectOn === 'validation') {
    throw new ConfigError(`selectOn is validation, but ${none}: set some aside, or set selectOn to training`);
  }
  if (selection.rule !== 'all') {
    throw new ConfigError(`selection.rule is ${selection.rule}, which chooses by validation data, but ${none}`);
  }
  if (localSolver.earlyStopping.patience !== null) {
    throw new ConfigError(`localSolver.earlyStopping decides by validation data, but ${none}`);
  }
}

/**
 * Checks that a training of the whole budget would have enough validation points for early stopping.
 * @throws ConfigError when none can end early
 */
export function mustHavePoints({ localSolver }: Config, { validateEvery }: Task, steps: number): void {
  const { patience } = localSolver.earlyStopping;
  if (patience === null || validateEvery === null || (patience + 1) * validateEvery < steps) return;
  throw new ConfigError(
    `localSolver.earlyStopping.patience is ${patience}, but ${steps} steps have a validation point every ${validateEvery} steps only: lower it, or state a smaller validation.every`,
  );
}
