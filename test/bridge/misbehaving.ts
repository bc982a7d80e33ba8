import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Args } from '../../src/bridge/wire/protocol';
import type { Requests } from '../../src/bridge/workers/worker';
import { OPEN_WINE } from './requests';

const NETWORK = `
import os, pathlib, subprocess
from torch import nn
here = pathlib.Path(__file__).parent

def misbehave():
    misdeed = here / 'misdeed'
    if not misdeed.exists():
        return
    what = misdeed.read_text()
    if what == 'exit':
        os._exit(0)
    if what == 'wait':
        (here / 'fifo').read_bytes()
    if what == 'child':
        child = subprocess.Popen(['sleep', '1000'])
        misdeed.unlink()
        (here / 'child.part').write_text(str(child.pid))
        (here / 'child.part').rename(here / 'child')

class Network(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.layer = nn.Linear(13, outputs)

    def forward(self, x):
        misbehave()
        return self.layer(x)

def defineModel(outputs):
    return Network(outputs)
`;

/** A network, in a directory of its own, whose forward pass does what the test says while a program runs. */
export class MisbehavingNetwork {
  readonly file: string;
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.file = path.join(directory, 'network.py');
    fs.writeFileSync(this.file, NETWORK);
    execFileSync('mkfifo', [path.join(directory, 'fifo')]);
  }

  /** From now on: end the worker with exit code 0, wait for ever, or start a process that outlives the worker. */
  begin(misdeed: 'exit' | 'wait' | 'child'): void {
    fs.writeFileSync(path.join(this.#directory, 'misdeed'), misdeed);
  }

  behave(): void {
    fs.rmSync(path.join(this.#directory, 'misdeed'), { force: true });
  }

  /** The process that the worker has started; undefined before. */
  get child(): number | undefined {
    const file = path.join(this.#directory, 'child');
    return fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : undefined;
  }

  /** Open a task with it, and make a point `a`. */
  async open(worker: Requests): Promise<void> {
    const model: Args<'open'>['model'] = { name: null, args: {}, python: this.file, weights: null };
    await worker.request('open', { ...OPEN_WINE, model });
    await worker.request('newPoint', { point: 'a', stream: 'init' });
  }
}
