import type { Requests } from '../../bridge/workers/worker';
import { type Checkpoint, type CheckpointState, type Checkpoints, stateFile } from '../../store/checkpoints';
import { sha256 } from '../../store/journal/arrays';
import { killPoint } from '../../store/kill-point';
import type { StateKey, World } from './effects';

/** Loads a checkpoint into a worker whose task is open. @throws JournalError when a file of it is damaged */
export async function restoreStates(worker: Requests, checkpoints: Checkpoints, { states }: Checkpoint): Promise<void> {
  killPoint('worker.beforeRestore');
  const origins = states.filter(({ kind }) => kind === 'point');
  const paths = states.filter(({ kind }) => kind === 'path'); // after the points that are their origins
  for (const entry of [...origins, ...paths]) {
    const state = new Uint8Array(await checkpoints.read(entry));
    await worker.request('loadState', { kind: entry.kind, name: entry.name, state });
  }
  killPoint('worker.afterRestore');
}

/** Returns the world at a checkpoint; empty without one. */
export function worldOf(checkpoint: Checkpoint | null): World {
  return new Map(checkpoint?.states.map(({ kind, name, version }) => [`${kind}:${name}` as const, version]));
}

/**
 * Reads from a worker all states that the last checkpoint lacks. The requests are sent synchronously, before the first
 * await, so that they precede every command that is sent later.
 * @returns the new checkpoint, and the states to write, by file name
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
