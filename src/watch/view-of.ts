import { relative } from 'node:path';
import { dsptt } from '../command-name';
import { runSettings } from '../config/run-settings';
import { type Config, datasetName, modelName } from '../config/schema';
import { kindOf } from '../ensemble/task-kind';
import { naturally } from '../natural-order';
import { inline } from '../report/config-yaml';
import { UNMEASURED } from '../run/assess/measure';
import type { EnsembleResult, MemberResult } from '../store/result';
import type { DrawnCurves } from './curves-of-traces';
import type { FollowedRun } from './followed-run';
import type { About, EnsembleView, LiveView, MemberView, RunProgress, RunState, SettingView } from './live-view';

/** Returns the state of a run for the page. @param isStopping true if the run was asked to stop */
export function viewOf(run: FollowedRun, name: string, isStopping: boolean): LiveView {
  const { curves, result } = run;
  return {
    name,
    state: stateOf(run, isStopping),
    isComplete: run.isComplete || run.problem !== null,
    problem: run.problem,
    note: run.note,
    about: aboutOf(run),
    settings: run.config === null ? [] : settingsOf(run.config),
    hasReport: run.config !== null || run.isClosedForm,
    phase: phaseOf(run),
    progress: progressOf(run),
    searches: curves?.searches() ?? [],
    trainings: curves?.trainings() ?? [],
    members: membersOf(run),
    ensembles: ensemblesOf(run),
    stoppable: result === null && !isStopping ? (run.runner?.pid ?? null) : null,
    resume: dsptt('resume', nearest(run.path)),
  };
}

function stateOf(run: FollowedRun, isStopping: boolean): RunState {
  const { problem, result, isHeld, config, isClosedForm } = run;
  if (problem !== null) return 'unreadable';
  if (result !== null || isClosedForm) return 'finished';
  if (!isHeld) return config === null ? 'starting' : 'interrupted';
  if (isStopping) return 'stopping';
  return config === null ? 'starting' : 'running';
}

function aboutOf({ config, task }: FollowedRun): About | null {
  if (config === null) return null;
  return {
    method: config.method,
    dataset: datasetName(config),
    model: modelName(config),
    seed: config.seed,
    device: task?.deviceName ?? null,
    parameters: task?.parameters ?? null,
  };
}

/** Settings by configuration, kept because a view is made several times a second. */
const SETTINGS = new WeakMap<Config, readonly SettingView[]>();

function settingsOf(config: Config): readonly SettingView[] {
  const known = SETTINGS.get(config);
  if (known !== undefined) return known;
  const settings = runSettings(config).map(({ path, value, isDefault }) => {
    return { name: path.join('.'), value: inline(value), isDefault };
  });
  SETTINGS.set(config, settings);
  return settings;
}

function phaseOf({ phase, result, facts }: FollowedRun): LiveView['phase'] {
  if (phase === null || result !== null) return null;
  const done = Math.max(0, facts.steps - phase.before);
  return { name: phase.name, done: phase.steps === 0 ? 0 : Math.min(done, phase.steps), total: phase.steps };
}

function progressOf({ facts, total, result, isHeld, written }: FollowedRun): RunProgress {
  const { steps, seconds } = facts;
  const speed = result?.timings.stepsPerSecond ?? facts.stepsPerSecond;
  const left = total !== null && speed !== null && speed > 0 && isHeld ? (total - steps) / speed : null;
  return {
    steps,
    total: total ?? result?.budget.steps ?? null,
    stepsPerSecond: speed,
    seconds,
    secondsLeft: result === null && left !== null ? Math.max(0, left) : null,
    written,
  };
}

function membersOf({ result, facts, config, curves }: FollowedRun): MemberView[] {
  if (result !== null) return result.members.map(memberView);
  const measured = facts.measures(config !== null && kindOf(config.loss) === 'numbers');
  const states = [...statesOf(curves, measured.keys())].sort(([a], [b]) => naturally(a, b));
  const trainings = new Map(curves?.trainings().map(({ network, loss }) => [network, loss.at(-1)?.[1] ?? null]));
  return states.map(([name, state]) => {
    const batchLoss = trainings.get(name) ?? null;
    return { name, state, batchLoss, barrierToParent: null, ...(measured.get(name) ?? UNMEASURED) };
  });
}

function ensemblesOf({ result, ensembles }: FollowedRun): readonly EnsembleView[] {
  if (result === null) return ensembles?.views() ?? [];
  return result.ensembles.map((ensemble) => ensembleView(ensemble, result.result));
}

/** Returns the progress of each network: its state as a path, then training, trained, measured. */
function statesOf(curves: DrawnCurves | null, measured: Iterable<string>): Map<string, string> {
  const states = new Map<string, string>();
  for (const { name, status } of curves?.searches().flatMap(({ paths }) => paths) ?? []) states.set(name, status);
  for (const { network, isGoing } of curves?.trainings() ?? []) states.set(network, isGoing ? 'training' : 'trained');
  for (const name of measured) states.set(name, 'measured');
  return states;
}

function memberView(member: MemberResult): MemberView {
  const { name, state, trainLoss, barrierToParent } = member;
  const { validationErrorPct, validationLoss, validationRmse, testErrorPct, testLoss, testRmse } = member;
  const measures = { trainLoss, validationErrorPct, validationLoss, validationRmse, testErrorPct, testLoss, testRmse };
  return { name, state, batchLoss: null, barrierToParent, ...measures };
}

function ensembleView({ name, members, ...scores }: EnsembleResult, result: string): EnsembleView {
  const { validationErrorPct, validationLoss, validationRmse, testErrorPct, testLoss, testRmse } = scores;
  const measures = { validationErrorPct, validationLoss, validationRmse, testErrorPct, testLoss, testRmse };
  return { name, members: members.length, isResult: name === result, ...measures };
}

/** Returns a path relative to the working directory if it lies below it. */
function nearest(path: string): string {
  const below = relative(process.cwd(), path);
  return below === '' || below.startsWith('..') ? path : below;
}
