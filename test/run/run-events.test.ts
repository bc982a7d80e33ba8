import fs from 'node:fs';
import path from 'node:path';
import { DataError } from '../../src/errors';
import type { RunEvent } from '../../src/run/events';
import { runEvents } from '../../src/run/run-events';
import { failureOf, temporaryDirectory, tinyConfig } from '../builders';

const directory = temporaryDirectory();
const config = tinyConfig({});

describe('the events of a run in a loop', () => {
  it('come in order and end with the result, however slow the loop is', async () => {
    const events: RunEvent[] = [];
    for await (const event of runEvents(config, { out: path.join(directory, 'whole') })) {
      events.push(event);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const types = events.map(({ type }) => type);
    expect(types[0]).toBe('started');
    const last = events.at(-1);
    if (last?.type !== 'finished') throw new Error(`the last event is ${last?.type}`);
    const networks = (type: 'trained' | 'evaluated') => types.filter((one) => one === type).length;
    expect(networks('evaluated')).toBe(last.result.members.length);
    expect(networks('trained')).toBe(last.result.members.filter(({ state }) => state === 'trained').length);
    const steps = events.reduce((sum, event) => sum + (event.type === 'progress' ? event.steps : 0), 0);
    expect(steps).toBe(last.result.budget.steps);
  });

  it('stop the run when the loop is left: it can be resumed, and its worker has ended', async () => {
    const out = path.join(directory, 'left');
    for await (const { type } of runEvents(config, { out })) if (type === 'phase') break;
    expect(fs.existsSync(path.join(out, 'config.json'))).toBe(true);
    expect(fs.existsSync(path.join(out, 'result.json'))).toBe(false);
    expect(fs.existsSync(path.join(out, 'lock'))).toBe(false);
  });

  it('throw the error of the run', async () => {
    const missing = { ...config, dataset: { ...config.dataset, dir: '/nowhere/data' } };
    const whole = async () => {
      for await (const _ of runEvents(missing, { out: path.join(directory, 'none') }));
    };
    expect(await failureOf(whole())).toBeInstanceOf(DataError);
  });
});
