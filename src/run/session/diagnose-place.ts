import { type Check, failed, ok } from '../../bridge/workers/diagnose';
import { Worker } from '../../bridge/workers/worker';
import { ConfigError, DataError, InterruptedError } from '../../errors';
import type { TaskSpec } from '../../executor/task-spec';
import { TorchExecutor } from '../../executor/torch';
import { GRADIENT } from '../../trust-tech/space';
import { VERSION } from '../../version';
import { launcherOf, type WorkerChoice } from './worker-choice';

/** A place for workers, and what runs will need there. */
export interface PlaceRequest {
  readonly choice: WorkerChoice;
  /** Device of the task, as in a configuration. */
  readonly device: string;
  /** Folder of the data that must be there, as an absolute path. */
  readonly dataDir?: string | undefined;
}

const STEPS = 20;
const ROUNDS = 3;
/** A perceptron whose state has 13 MB, enough to measure the way of states. */
const TASK: TaskSpec = {
  dataset: { name: 'digits', args: {}, dir: null },
  model: { name: 'mlp', args: { hidden: [1800, 1800] } },
  loss: 'crossEntropy',
  precision: 'fp32',
  batchSize: 128,
  batchChunks: 1,
  allowChunkedBn: false,
  seed: 0,
  device: 'auto',
  threads: 0,
  membersAtOnce: 1,
  membersWay: 'auto',
};
const POINT = 'doctor';

/** Remedies for a worker that does not start, by what its error says. */
const START_REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/No module named/, 'install it in the Python there, or name another one with --worker-python'],
  [/No such file|not found/, 'name the Python that has torch there with --worker-python'],
  [/has not answered within/, 'let this machine reach every port of that one, or start dsptt inside of its network'],
  [/nvidia-smi|CUDA_VISIBLE_DEVICES/, 'use --on gpus where GPUs are'],
];
const ELSE = 'make the command of --on run `hostname` by itself, without a question for a password';

/**
 * Starts a worker where the choice says, has it train a few steps, and gives its place back.
 * @throws UsageError when the choice contradicts itself; InterruptedError after an abort
 */
export async function diagnosePlace(request: PlaceRequest, signal: AbortSignal): Promise<Check[]> {
  const launcher = launcherOf(request.choice);
  const asked = performance.now();
  let worker: Worker;
  try {
    worker = await Worker.start(launcher, {}, signal);
  } catch (error) {
    const says = messageOf(error);
    return [failed('place', says, START_REMEDIES.find(([known]) => known.test(says))?.[1] ?? ELSE)];
  }
  const seconds = ((performance.now() - asked) / 1000).toFixed(1);
  const cancel = () => worker.cancelAll();
  signal.addEventListener('abort', cancel);
  try {
    const place = ok('place', `a worker ${worker.description} answers ${seconds} s after it was asked for`);
    return [place, ...greeted(worker), ...(await workThere(worker, request, signal))];
  } finally {
    signal.removeEventListener('abort', cancel);
    await worker.close();
  }
}

/** Returns what the worker has said of its place. */
function greeted({ hello }: Worker): Check[] {
  const { processor = 'not known', dspttWorker, ...packages } = hello.versions;
  const list = Object.entries({ dsptt_worker: dspttWorker, ...packages }).map(
    ([name, version]) => `${name} ${version}`,
  );
  const versions = ok('packages', list.join(', '));
  const remedy = `install the wheel of dsptt ${VERSION} there`;
  return [
    ok('processor', processor),
    ok('devices', hello.devices.join(', ')),
    dspttWorker === VERSION ? versions : { ...versions, status: 'warning', remedy },
  ];
}

/** Opens digits, trains a few steps, sends a state there and back, and looks for the folder of the data. */
async function workThere(worker: Worker, { device, dataDir }: PlaceRequest, signal: AbortSignal): Promise<Check[]> {
  const open = (dir: string | null) =>
    TorchExecutor.open(worker, { ...TASK, device, dataset: { ...TASK.dataset, dir } }, { signal });
  try {
    const checks = [await trains(await open(null)), await sendsStates(worker)];
    return dataDir === undefined ? checks : [...checks, await hasFolder(open(dataDir), dataDir)];
  } catch (error) {
    return [failed('training', messageOf(error), `ask for places with that device (srun --gpus=1), or give --device`)];
  }
}

async function trains(executor: TorchExecutor): Promise<Check> {
  const lr = new Float64Array(STEPS).fill(0.01);
  await executor.newPoint(POINT, POINT);
  const began = performance.now();
  await executor.descend({ point: POINT, stream: POINT, start: 0, lr, solver: GRADIENT });
  const ms = (performance.now() - began).toFixed(0);
  const { device, deviceName } = executor.task;
  return ok('training', `${STEPS} steps of digits in ${ms} ms on ${device} (${deviceName})`);
}

async function sendsStates(worker: Worker): Promise<Check> {
  const [from, to]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const asked = performance.now();
    const { state } = await worker.request('saveState', { kind: 'point', name: POINT });
    const has = performance.now();
    await worker.request('loadState', { kind: 'point', name: `${POINT}${round}`, state });
    const megabytes = state.byteLength / 1e6;
    from.push(megabytes / ((has - asked) / 1000));
    to.push(megabytes / ((performance.now() - has) / 1000));
  }
  const [there, back] = [to, from].map((speeds) => Math.max(...speeds).toFixed(0));
  return ok('states', `${there} MB/s to there, ${back} MB/s back`);
}

/** Looks for a folder there: digits, which are built in, refuse only one that exists as none of theirs. */
async function hasFolder(opened: Promise<unknown>, folder: string): Promise<Check> {
  const error = await opened.catch((reason: unknown) => reason);
  if (error instanceof ConfigError) return ok('data', `${folder} is there`);
  if (!(error instanceof DataError)) throw error;
  return failed('data', error.message, 'put the folder at that path there, as by a disk that both machines see');
}

/** Returns the message of an error; passes one of an interruption on. */
function messageOf(error: unknown): string {
  if (error instanceof InterruptedError || !(error instanceof Error)) throw error;
  return error.message;
}
