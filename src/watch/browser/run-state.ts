import type { LiveView, RunProgress, RunState } from '../live-view';
import { type Child, element } from './element.js';
import { duration, fixed, networksOf, whole } from './numbers.js';

/** Display names of the states of a run. */
export const STATES: Readonly<Record<RunState, string>> = {
  starting: 'Starting',
  running: 'Running',
  stopping: 'Stopping',
  interrupted: 'Interrupted',
  finished: 'Finished',
  unreadable: 'Unreadable',
};

/** Renders the state and the main facts of the run in one line. */
export function headOf({ state, about, hasReport }: Pick<LiveView, 'state' | 'about' | 'hasReport'>): readonly Child[] {
  const badge = element('strong', { class: `state ${state}`, id: 'state' }, STATES[state]);
  const report = hasReport ? element('a', { class: 'report', href: 'report' }, 'Report') : null;
  if (about === null) return [badge, report];
  const { method, dataset, model, seed, device, parameters } = about;
  const where = device === null || parameters === null ? '' : `, ${whole(parameters)} parameters, on ${device}`;
  return [badge, element('span', {}, `${method} on ${dataset}, model ${model}${where}, seed ${seed}`), report];
}

/** Renders problems, notes, and advice with the command that resumes the run. */
export function toldOf({ state, problem, note, resume }: Told): readonly Child[] {
  const advice = ADVICE[state] ?? null;
  return [
    problem === null ? null : element('p', { class: 'problem' }, problem),
    note === null ? null : element('p', { class: 'note' }, note),
    advice === null ? null : element('p', {}, advice),
    advice === null ? null : element('pre', {}, element('code', {}, resume)),
  ];
}

export type Told = Pick<LiveView, 'state' | 'problem' | 'note' | 'resume'>;

const ADVICE: Partial<Record<RunState, string>> = {
  interrupted: 'No process is working on this run. Its work is kept; to resume it:',
  stopping: 'The run was asked to stop and saves its position. To resume it later:',
};

/** RunProgress of the run, with the current time. */
export interface RunNumbers extends Pick<LiveView, 'state' | 'phase' | 'progress' | 'ensembles'> {
  /** Current time in seconds since 1970. */
  readonly now: number;
}

/** Renders the progress of the run in numbers. */
export function numbersOf({ state, phase, progress, ensembles, now }: RunNumbers): readonly Child[] {
  const { steps, total, stepsPerSecond, seconds, secondsLeft } = progress;
  const phaseSteps = phase === null || phase.total === 0 ? null : `step ${whole(phase.done)} of ${whole(phase.total)}`;
  const of = total === null ? '' : ` of ${whole(total)}`;
  const bar = element('progress', { max: total ?? 1, value: Math.min(steps, total ?? 0), 'aria-label': 'steps done' });
  const speed = stepsPerSecond === null ? '-' : `${fixed(stepsPerSecond, stepsPerSecond < 10 ? 1 : 0)} steps/s`;
  return [
    resultEntry(ensembles, state) ?? entry('Phase', phase?.name ?? STATES[state], phaseSteps),
    entry('Steps', `${whole(steps)}${of}`, total === null ? null : bar),
    entry('Speed', speed, state === 'finished' ? 'over the whole run' : null),
    entry('Time', duration(seconds), secondsLeft === null ? null : `about ${duration(secondsLeft)} of steps left`),
    state === 'running' ? entry('Last written', agoOf(progress, now), null) : null,
  ];
}

function resultEntry(ensembles: LiveView['ensembles'], state: RunState): HTMLElement | null {
  const own = ensembles.find(({ isResult }) => isResult);
  if (own === undefined) return null;
  const { testErrorPct, testRmse, testLoss, members, name } = own;
  const score = testErrorPct === null ? `RMSE ${fixed(testRmse, 4)}` : `${fixed(testErrorPct, 2)} % test error`;
  return entry(
    state === 'finished' ? 'Result' : 'Ensemble so far',
    score,
    `${name}: ${networksOf(members)}, test loss ${fixed(testLoss, 4)}`,
  );
}

function agoOf({ written }: RunProgress, now: number): string {
  return written === null ? '-' : `${duration(Math.max(0, now - written / 1000))} ago`;
}

function entry(name: string, value: string, more: Child): HTMLElement {
  const small = more === null ? null : element('dd', { class: 'more' }, more);
  return element('div', {}, element('dt', {}, name), element('dd', {}, value), small);
}
