import { dsptt } from '../../../command-name';
import { budgetSteps, modelName } from '../../../config/schema';
import { kindOf } from '../../../ensemble/task-kind';
import { titleOfMethod } from '../../../methods';
import { resultEnsemble } from '../../../store/result';
import type { Opened } from '../../../store/run-record';
import { duration, fixed, moment, steps } from '../../format';
import type { NetworkView } from '../../run-view';
import type { Block, Section } from '../section';

type Facts = [name: string, value: string][];

/** Facts about a run: method, data, network, budget, machine, versions and times. */
export const overview: Section<NetworkView> = {
  id: 'overview',
  title: 'The run',
  blocks: (view) => {
    const facts = [...whatFacts(view), ...budgetFacts(view), ...machineFacts(view), ...timeFacts(view)];
    const notices: Block[] = noticesOf(view).map((text) => ({ kind: 'notice', text }));
    return [...notices, ...highlights(view), { kind: 'facts', facts }];
  },
};

/** Returns the main scores of a finished run. */
function highlights({ result }: NetworkView): Block[] {
  if (result === null) return [];
  const { testErrorPct, testRmse, testLoss, ecePct, members } = resultEnsemble(result);
  const numbers: [string, string][] = [
    ['test error %', fixed(testErrorPct, 2)],
    ['test RMSE', fixed(testRmse, 4)],
    ['test loss', fixed(testLoss, 4)],
    ['calibration error %', fixed(ecePct, 2)],
    [members.length === 1 ? 'member' : 'members', String(members.length)],
    ['steps', steps(result.budget.steps)],
    ['time', duration(result.timings.wallSeconds)],
  ];
  return [{ kind: 'highlights', numbers: numbers.filter(([, value]) => value !== '-') }];
}

/** Returns the notices about a run's data, network and search, and the warnings if it is unfinished or lacks its curves. */
export function noticesOf({ result, opened, path, stretches, curves }: NetworkView): string[] {
  const notes = [...(result?.notices ?? opened?.notices ?? []), ...(curves.note === null ? [] : [curves.note])];
  if (result !== null) return notes;
  const last = stretches.at(-1);
  const where = last === undefined ? 'it has made no step yet' : `the last that it recorded is ${last.name}`;
  return [
    `This run has not finished: ${where}. What is measured at its end is not here yet. \`${dsptt('resume', path)}\` continues it.`,
    ...notes,
  ];
}

const SPLITS = [
  ['train', 'training'],
  ['validation', 'validation'],
  ['test', 'test'],
] as const;

function whatFacts({ config, opened, result }: NetworkView): Facts {
  const { method, dataset, seed, preset, scale } = config;
  const splits = SPLITS.flatMap(([split, name]) => {
    const samples = opened?.samples[split] ?? 0;
    return samples > 0 ? [`${steps(samples)} ${name}`] : [];
  });
  const classes =
    opened !== null && opened.classes.length > 0 ? `; ${opened.classes.length} ${kindOf(config.loss)}` : '';
  const parameters = opened?.parameters ?? result?.parameters;
  return [
    ['Method', titleOfMethod(method)],
    ['Data', `${dataset.name}${splits.length > 0 ? ` (${splits.join(', ')} samples${classes})` : ''}`],
    ['Network', `${modelName(config)}${parameters === undefined ? '' : ` (${steps(parameters)} parameters)`}`],
    ...(preset === null
      ? []
      : [['Preset', scale === 'full' ? preset : `${preset}, scale ${scale}`] as [string, string]]),
    ['Seed', String(seed)],
  ];
}

function budgetFacts({ config, result, stretches, opened }: NetworkView): Facts {
  if (result === null) {
    const made = steps(stretches.reduce((sum, one) => sum + one.steps, 0));
    const all = opened === null ? '' : ` of ${steps(budgetSteps(config, opened.stepsPerEpoch))}`;
    return [['Budget', `${made}${all} steps so far`]];
  }
  const { steps: all, epochs, tier0, search } = result.budget;
  const parts = [...(tier0 > 0 ? [`tier 0 ${steps(tier0)}`] : []), ...(search > 0 ? [`search ${steps(search)}`] : [])];
  const of = parts.length > 0 ? `; ${parts.join(', ')}` : '';
  return [
    ['Budget', `${steps(all)} steps, ${fixed(epochs, 1)} epochs${of}`],
    ['Selected on', `${result.selectedOn} data`],
  ];
}

function machineFacts({ opened, result, header, config }: NetworkView): Facts {
  const device = opened === null ? (result?.device ?? config.device) : nameOf(opened);
  const threads = opened?.threads ?? result?.threads;
  const { dsptt, torch, python, node } = result?.versions ?? header?.versions ?? {};
  const known = Object.entries({ dsptt, PyTorch: torch, Python: python, Node: node });
  const versions = known.flatMap(([name, version]) => (version === undefined ? [] : [`${name} ${version}`]));
  return [
    ['Machine', `${device}${threads === undefined ? '' : `, ${threads} CPU ${threads === 1 ? 'thread' : 'threads'}`}`],
    ['Precision', config.precision],
    ['Versions', versions.length > 0 ? versions.join(', ') : 'not known'],
  ];
}

function nameOf({ device, deviceName }: Opened): string {
  return deviceName.toLowerCase() === device ? deviceName : `${deviceName} (${device})`;
}

function timeFacts({ times, result, path }: NetworkView): Facts {
  const took =
    result && `${duration(result.timings.wallSeconds)}, ${steps(Math.round(result.timings.stepsPerSecond))} steps/s`;
  return [
    ['Begun', moment(times.begun)],
    [result === null ? 'Last written' : 'Finished', moment(times.written)],
    ...(took === null ? [] : [['Took', took] as [string, string]]),
    ['Directory', path],
  ];
}
