import fs from 'node:fs';
import path from 'node:path';
import { tinyConfig } from '../../builders';
import { DurableRuns, SMALL } from './runs';

const NOTICE = 'steps run one kernel at a time';

/** A network whose function notes something where the worker's own parts do. */
const NETWORK = `
import gc
from torch import nn
from dsptt_worker.serve.server import Progress

def defineModel(outputs):
    for progress in [thing for thing in gc.get_objects() if isinstance(thing, Progress)]:
        progress.notices[:] = ['${NOTICE}']
    return nn.Sequential(nn.Linear(13, 16), nn.ReLU(), nn.Linear(16, outputs))
`;

describe('what a worker has to say of how it runs a task', () => {
  const runs = new DurableRuns({ beatMs: 5 });

  it('is shown once in the run, and stands in no answer that is compared', async () => {
    const file = path.join(runs.directory, 'network.py');
    fs.writeFileSync(file, NETWORK);
    const notices: string[] = [];
    const onEvent = (event: { readonly type: string; readonly message?: string }) => {
      if (event.type === 'notice' && event.message !== undefined) notices.push(event.message);
    };
    const config = tinyConfig(SMALL, { model: { name: null, python: file, args: {} } });
    const out = runs.fresh();
    await runs.run(config, out, { onEvent });
    expect(notices).toEqual([NOTICE]);
    expect(fs.readFileSync(path.join(out, 'journal.jsonl'), 'utf8')).not.toContain(NOTICE);
  });
});
