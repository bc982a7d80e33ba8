import fs from 'node:fs';
import path from 'node:path';
import type { RunOptions } from '../../../src/run/options';
import { type Disk, nodeDisk } from '../../../src/store/disk/disk';
import { failureOf, tinyConfig } from '../../builders';
import { DurableRuns, SMALL } from './runs';

const OTHER = JSON.stringify({ pid: 7, began: '1', place: 'another boot pid:[1]', host: 'node-12' });
const runs = new DurableRuns();

/** Gives the lock of a run to a process of another machine, as happens while this one is suspended. */
const take = (out: string) => fs.writeFileSync(path.join(out, '.lock'), OTHER);

describe('a run whose directory another process has taken', () => {
  it('removes nothing there, though it had hardly begun', async () => {
    const out = runs.fresh();
    const open: Disk['open'] = (file) => {
      take(out);
      return nodeDisk.open(file);
    };
    const error = await failureOf(runs.run(tinyConfig(SMALL), out, { disk: { ...nodeDisk, open } }));
    expect(error.message).toContain('process 7 of node-12 works there now');
    expect(fs.readFileSync(path.join(out, '.lock'), 'utf8')).toBe(OTHER);
    expect(fs.existsSync(path.join(out, 'journal.jsonl'))).toBe(true);
  });

  it('removes nothing there either where its configuration cannot work', async () => {
    const out = runs.fresh();
    const onCommand: RunOptions['onCommand'] = (_op, _args, answer) => void answer.catch(() => take(out));
    await failureOf(runs.run(tinyConfig(SMALL, { dataset: { args: { tilt: 1 } } }), out, { onCommand }));
    expect(fs.readFileSync(path.join(out, '.lock'), 'utf8')).toBe(OTHER);
    expect(fs.existsSync(path.join(out, 'config.json'))).toBe(true);
  });
});
