import type { Requests } from '../../bridge/workers/worker';
import { type Checkpoint, type CheckpointState, type Checkpoints, stateFile } from '../../store/checkpoints';
import { sha256 } from '../../store/journal/arrays';
import { killPoint } from '../../store/kill-point';
import type { StateKey, World } from './effects';

/** Give a worker, whose task is open, all that a checkpoint holds. @throws JournalError when a file of it is damaged */
export async function restoreStates(worker: Requests, checkpoints: Checkpoints, { states }: Checkpoint): Promise<void> {
  killPoint('worker.beforeRestore');
  const origins = states.filter(({ kind }) => kind === 'point');
  const paths = states.filter(({ kind }) => kind === 'path'); // after the points that they start from
  for (const entry of [...origins, ...paths]) {
    const state = new Uint8Array(await checkpoints.read(entry));
    await worker.request('loadState', { kind: entry.kind, name: entry.name, state });
  }
  killPoint('worker.afterRestore');
}

/** The world of a checkpoint. */
export function worldOf(checkpoint: Checkpoint | null): World {
  return new Map(checkpoint?.states.map(({ kind, name, version }) => [`${kind}:${name}` as const, version]));
}

/**
 * Ask a worker for all that it holds, apart from what the last checkpoint has already. Its requests go out before this
 * function returns for the first time, so that they come before every command that is sent later.
 */
export async function takeStates(
  worker: Requests,
  world: World,
  last: Checkpoint | null,
  position: number,
): Promise<{ readonly made: Checkpoint; readonly fresh: ReadonlyMap<string, Uint8Array> }> {
  const known = new Map(last?.states.map((entry) => [entry.file, entry]));
  const fresh = new Map<string, Uint8Array>();
  const states = [...world].map(async ([key, version]): Promise<CheckpointState> => {
    const { kind, name } = partsOf(key);
    const file = stateFile({ kind, name, version });
    const before = known.get(file);
    if (before !== undefined) return before;
    const { state } = await worker.request('saveState', { kind, name });
    fresh.set(file, state);
    return { kind, name, version, file, sha256: sha256(state) };
  });
  return { made: { schema: 1, position, states: await Promise.all(states) }, fresh };
}

function partsOf(key: StateKey): Pick<CheckpointState, 'kind' | 'name'> {
  const kind = key.startsWith('point:') ? 'point' : 'path';
  return { kind, name: key.slice(kind.length + 1) };
}
