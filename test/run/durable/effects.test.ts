import type { Args, Op } from '../../../src/bridge/wire/protocol';
import type { Worker } from '../../../src/bridge/workers/worker';
import { afterCommand, effectOf, type StateKey, type World } from '../../../src/run/durable/effects';
import { sha256 } from '../../../src/store/journal/arrays';
import type { Solver } from '../../../src/trust-tech/space';
import { DIGITS, startWorker } from '../../builders';

const NONE: World = new Map();
const SGD: Solver = {
  solver: 'sgd',
  momentum: 0.9,
  nesterov: false,
  weightDecay: 1e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
};
const descent = {
  stream: 'data/a',
  start: 0,
  lr: Float64Array.of(0.1, 0.1),
  noise: new Float64Array(),
  capture: [],
  solver: SGD,
};

describe('the world', () => {
  it('has each state with the number of the command that changed it last, and not what was dropped', () => {
    let world = NONE;
    const worldAfter = <O extends Op>(c: number, op: O, args: Args<O>) => {
      world = afterCommand(world, effectOf(op, args), c);
      return Object.fromEntries(world);
    };
    expect(worldAfter(1, 'newPoint', { point: 'a', stream: 's' })).toEqual({ 'point:a': 1 });
    expect(worldAfter(2, 'newPath', { path: 'a', origin: 'a', stream: 's', scale: 'layer' })).toEqual({
      'point:a': 1,
      'path:a': 2,
    });
    expect(worldAfter(3, 'evaluate', { point: 'a', split: 'test', outputs: true })).toEqual({
      'point:a': 1,
      'path:a': 2,
    });
    expect(worldAfter(4, 'descend', { ...descent, point: 'a' })).toEqual({ 'point:a': 4, 'path:a': 2 });
    expect(worldAfter(5, 'drop', { points: ['a'], paths: [] })).toEqual({ 'path:a': 2 });
    expect(worldAfter(6, 'pointFromPath', { point: 'b:c', path: 'a', factor: 1 })).toEqual({
      'path:a': 2,
      'point:b:c': 6,
    });
    expect(worldAfter(7, 'drop', { points: ['b:c', 'not there'], paths: ['a'] })).toEqual({});
  });

  it('is a new one after each command: an earlier one stays as it was', () => {
    const before = afterCommand(NONE, { changes: ['point:a'], drops: [] }, 1);
    afterCommand(before, { changes: ['point:b'], drops: ['point:a'] }, 2);
    expect(before).toEqual(new Map([['point:a', 1]]));
  });

  it('has of a search only the paths that it moved', () => {
    const [growth, rho2] = [Float64Array.of(1, 1, 1), Float64Array.of(0.1, 0.1, 0.1)];
    const program = { stream: 's', start: 0, growth, rho2, capture: [], solver: SGD, cosines: false };
    const effect = effectOf('search', { ...program, paths: ['a', 'b', 'c'], path: Int32Array.of(2, 0, 2) });
    expect(effect).toEqual({ changes: ['path:c', 'path:a'], drops: [] });
  });
});

/** A worker, and what it holds: hashes of the states of all points and paths that a checkpoint would have. */
class Held {
  readonly #worker: Worker;
  #world = NONE;
  #commands = 0;
  #hashes = new Map<StateKey, string>();

  constructor(worker: Worker) {
    this.#worker = worker;
  }

  /**
   * Give a command, and look at all that there was before and is after it.
   * @returns what became otherwise than it was, or new, beside what the command says that it changes
   */
  async command<O extends Op>(op: O, args: Args<O>): Promise<{ changed: StateKey[]; said: StateKey[] }> {
    await this.#worker.request(op, args);
    const effect = effectOf(op, args);
    this.#commands += 1;
    this.#world = afterCommand(this.#world, effect, this.#commands);
    const before = this.#hashes;
    this.#hashes = new Map();
    for (const key of this.#world.keys()) this.#hashes.set(key, await this.#hash(key));
    const changed = [...this.#hashes].filter(([key, hash]) => before.get(key) !== hash).map(([key]) => key);
    return { changed: changed.sort(), said: [...effect.changes].sort() };
  }

  async #hash(key: StateKey): Promise<string> {
    const kind = key.startsWith('point:') ? 'point' : 'path';
    const { state } = await this.#worker.request('saveState', { kind, name: key.slice(kind.length + 1) });
    return sha256(state);
  }
}

describe('what a command says that it changes', () => {
  let held: Held;
  beforeAll(async () => {
    const { worker } = await startWorker();
    const model = { ...DIGITS.model, python: null, weights: null };
    const { batchSize, ...spec } = DIGITS;
    await worker.request('open', { ...spec, model, batchSize: batchSize === 'full' ? 0 : batchSize });
    held = new Held(worker);
  });
  /** The command changes these states in the worker, says so, and leaves all others as they were, bit for bit. */
  async function changes<O extends Op>(op: O, args: Args<O>, ...states: StateKey[]): Promise<void> {
    expect({ op, ...(await held.command(op, args)) }).toEqual({ op, changed: states.sort(), said: states });
  }

  it('is all that it changes in a worker, and is changed', async () => {
    await changes('newPoint', { point: 'a', stream: 'init/a' }, 'point:a');
    await changes('descend', { ...descent, point: 'a' }, 'point:a');
    await changes('copyPoint', { point: 'b', source: 'a' }, 'point:b');
    await changes('descend', { ...descent, point: 'b', stream: 'data/b' }, 'point:b');
    await changes('newPath', { path: 'a', origin: 'a', stream: 'direction/a', scale: 'layer' }, 'path:a');
    await changes('newPath', { path: 'b', origin: 'a', stream: 'direction/b', scale: 'layer' }, 'path:b');
    const moves = {
      paths: ['a', 'b'],
      path: Int32Array.of(1, 1),
      growth: Float64Array.of(0.02, 1.5),
      rho2: Float64Array.of(0.1, 0.1),
    };
    await changes(
      'search',
      { ...moves, stream: 'data/search', start: 0, capture: [], solver: SGD, cosines: true },
      'path:b',
    );
    await changes('pointFromPath', { point: 'c', path: 'b', factor: 1 }, 'point:c');
    await changes('reestimate', { point: 'c', stream: 'data/c' }, 'point:c');
    await changes('averagePoints', { point: 'd', sources: ['a', 'b'], weights: Float64Array.of(0.5, 0.5) }, 'point:d');
    await changes('descend', { ...descent, point: 'd', stream: 'data/d', ema: 0.9 }, 'point:d');
    await changes('takeAverage', { point: 'd' }, 'point:d');
    await changes('drop', { points: ['c'], paths: ['b'] });
  });

  it('is nothing where it only measures', async () => {
    await changes('probe', { point: 'a', stream: 'probe/a', batches: 2 });
    for (const split of ['train', 'validation', 'test'] as const) {
      await changes('evaluate', { point: 'a', split, outputs: true });
    }
    await changes('targets', { split: 'test' });
    await changes('distances', { points: ['a', 'b', 'd'] });
    const positions = Float64Array.of(0, 0.5, 1);
    await changes('segment', { source: 'a', target: 'b', stream: 'data/segment', positions });
    await changes('savePoint', { point: 'a', metadata: {} });
    await changes('memory', { watch: false });
  });
});
