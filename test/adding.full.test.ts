import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readResult } from '../src/store/run-directory';
import { ROOT, temporaryDirectory, usePlainPython } from './builders';

usePlainPython();

const copy = temporaryDirectory();
const at = (file: string) => path.join(copy, file);

/** What is added: new files, and texts of files with what stands there afterwards. */
const FILES: Readonly<Record<string, string>> = {
  'src/methods/twins.ts': `import { z } from 'zod';
import { constant } from '../schedules';
import { trainAtOnce } from './blocks/train';
import { type ConfigWith, ensembleOf, type Method, type MethodFile, trainedCandidate } from './method';

const options = {
  twins: z
    .strictObject({ lr: z.number().gt(0).default(0.05).describe('constant rate') })
    .prefault({})
    .describe('two networks at a constant rate')
    .meta({ since: '9.9.9' }),
};

const run: Method<ConfigWith<typeof options>> = async (context) => {
  const { config, executor, steps } = context;
  const names = ['twin1', 'twin2'];
  for (const name of names) await executor.newPoint(name, \`init/\${name}\`);
  const lr = constant(config.twins.lr, Math.floor(steps / 2));
  const trained = await trainAtOnce(context, names.map((point) => ({ point, stream: \`data/\${point}\`, lr })));
  const candidates = names.map((name, k) => trainedCandidate(name, trained[k].divergedAt));
  const traces = trained.map(({ trace }) => trace);
  const spent = { steps: 2 * lr.length, tier0: 0, search: 0 };
  return { candidates, ensembles: [ensembleOf('twins', candidates)], result: 'twins', spent, traces };
};

export const method = {
  run,
  title: 'twins',
  options,
  reads: ['twins'],
  smoke: { twins: { lr: 0.02 } },
  takesTier0: false,
  networks: () => 2,
} as const satisfies MethodFile<typeof options>;
`,
  'src/paper/fig9.ts': `import { fig2 } from './fig2';
import type { Reproduction } from './reproduction';

export const fig9: Reproduction = { ...fig2, name: 'fig9', shows: 'a figure that the paper lacks' };
`,
  'python/dsptt_worker/models/linear.py': `"""One linear layer."""

import math
from collections.abc import Sequence

from torch import nn


def build(inputs: Sequence[int], outputs: int, *, bias: bool = True) -> nn.Module:
    """Logits that are linear in the inputs."""
    return nn.Sequential(nn.Flatten(), nn.Linear(math.prod(inputs), outputs, bias=bias))
`,
  'python/dsptt_worker/data/corners.py': `"""Points around the four corners of a square."""

import numpy as np
import torch

from .dataset import Dataset, Split


def load(*, noise: float = 0.1) -> Dataset:
    """60 points a split, [2]."""

    def split(seed: int) -> Split:
        targets = np.arange(60, dtype=np.int64) % 4
        corners = np.stack([targets % 2, targets // 2], axis=1)
        inputs = corners + noise * np.random.default_rng(seed).standard_normal((60, 2))
        return Split(torch.from_numpy(inputs.astype(np.float32)), torch.from_numpy(targets))

    return Dataset(split(0), split(1), split(2), ["a", "b", "c", "d"])
`,
};

/** [file, a line or a part of one, what stands there afterwards]: the name in a list, and where the list needs it the import. */
const LINES: readonly (readonly [string, string, string])[] = [
  ['src/methods/index.ts', '  single,\n}', '  single,\n  twins,\n}'],
  ['src/methods/index.ts', "from './swa';\n", "from './swa';\nimport { method as twins } from './twins';\n"],
  ['src/schedules.ts', 'SCHEDULES = { constant,', 'SCHEDULES = { linear, constant,'],
  [
    'src/schedules.ts',
    '/** A learning-rate schedule:',
    `/** Linear to 0. */
export function linear(lr: number, steps: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, step) => lr * (1 - step / steps));
}

/** A learning-rate schedule:`,
  ],
  [
    'src/config/base.ts',
    '  batchChunks: ',
    "  patience: z.int().default(7).describe('an option more').meta({ since: '9.9.9' }),\n  batchChunks: ",
  ],
  ['src/paper/index.ts', '[fig2,', '[fig9, fig2,'],
  ['src/paper/index.ts', "from './fig4';\n", "from './fig4';\nimport { fig9 } from './fig9';\n"],
  ['python/dsptt_worker/models/__init__.py', 'import conv, densenet,', 'import conv, densenet, linear,'],
  ['python/dsptt_worker/models/__init__.py', '    "mlp":', '    "linear": linear.build,\n    "mlp":'],
  ['python/dsptt_worker/data/__init__.py', 'import digits,', 'import corners, digits,'],
  ['python/dsptt_worker/data/__init__.py', '    "mnist":', '    "corners": corners.load,\n    "mnist":'],
];

beforeAll(() => {
  const parts = ['src', 'python', 'scripts', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
  for (const part of parts) fs.cpSync(path.join(ROOT, part), at(part), { recursive: true });
  fs.symlinkSync(path.join(ROOT, 'node_modules'), at('node_modules'));
  for (const [file, text] of Object.entries(FILES)) fs.writeFileSync(at(file), text);
  for (const [file, before, after] of LINES) {
    const text = fs.readFileSync(at(file), 'utf8');
    expect([file, text.split(before).length]).toEqual([file, 2]);
    fs.writeFileSync(at(file), text.replace(before, after));
  }
});

/** Runs a program of the copy; answers what it printed. */
function printed(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}
const dsptt = (...args: readonly string[]) => printed('scripts/dsptt.js', ...args);

describe('a copy of the sources with a file and a line more for each kind of thing', () => {
  it('passes the type check', () => {
    printed('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.build.json');
  });

  it('runs the new method on wine as the smoke preset says', async () => {
    dsptt('run', '--preset', 'wine', '--scale', 'smoke', '--method', 'twins', '--out', 'twins', '--quiet');
    const { members, result } = await readResult(at('twins'));
    expect([result, members.map(({ name }) => name)]).toEqual(['twins', ['twin1', 'twin2']]);
    expect(JSON.parse(fs.readFileSync(at('twins/config.json'), 'utf8'))).toMatchObject({ twins: { lr: 0.02 } });
  });

  it('trains the new network on the new data set by the new schedule', async () => {
    const settings = ['dataset={name: corners}', 'model={name: linear}', 'localSolver.schedule=linear', 'batchSize=20'];
    const flags = ['--preset', 'wine', '--scale', 'smoke', '--method', 'single', '--out', 'corners', '--quiet'];
    dsptt('run', ...flags, ...settings.flatMap((setting) => ['--set', setting]));
    expect((await readResult(at('corners'))).parameters).toBe(12);
    const [head, first, second] = fs.readFileSync(at('corners/traces/descent-tier0.csv'), 'utf8').split('\n');
    const rate = (row: string) => Number(row.split(',')[head.split(',').indexOf('lr')]);
    expect([rate(first), rate(second)]).toEqual([0.05, 0.05 * (1 - 1 / 24)]);
  });

  it('shows the new option with its default, and the new figure', () => {
    expect(dsptt('config', '--preset', 'wine')).toMatch(/^patience: 7$/m);
    expect(dsptt('reproduce', '--help')).toContain('a figure that the paper lacks');
  });
});
