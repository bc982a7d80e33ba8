import { examplesOf } from '../../scripts/docs/examples';
import { COMMANDS } from '../../src/cli/list';
import { wholeProgram } from '../../src/cli/program';
import { askPython } from '../python';
import { CommandLine } from './dsptt';

/** Examples that are not run here, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  quickstart: 'minutes; it is what every package test and CI runs last',
  reproduce: 'minutes; reproduce.full.test.ts makes each figure and table quickly',
  regress: 'what it reads takes a GPU for days; regress.test.ts has made-up results',
  watch: 'serves until it is stopped; its own tests stop it',
};
const UNREADY = / --watch$| --to mlflow$| --(worker|on) /;

/** What makes an example quick. */
const QUICK: Readonly<Record<string, readonly string[]>> = {
  run: ['--scale', 'smoke', '--quiet'],
  compare: ['--scale', 'smoke', '--quiet'],
  sweep: ['--scale', 'smoke', '--quiet'],
  'verify-exit': ['--steps', '100', '--samples', '1', '--quiet'],
};

const cli = new CommandLine();
const all = wholeProgram(COMMANDS).commands.flatMap((command) => examplesOf(command));
const examples = all.filter((example) => !(example.split(' ')[0] in ELSEWHERE) && !UNREADY.test(example));

it('runs every example that a minute is enough for, one after the other, at the scale smoke', async () => {
  askPython(
    `
from pathlib import Path
import numpy as np
from PIL import Image
for k in range(3):
    path = Path(given) / "images" / f"{k}.png"
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(np.full((8, 8), 80 * k, np.uint8)).save(path)
answer = None`,
    cli.directory,
  );
  const prepared =
    'run --preset wine-quality --out runs/wine-quality-dsp-tt-0 --budget 4000 --set dspTt.rho1.increment=0.014 --set dspTt.decideEvery=10';
  const lines = [prepared, ...examples].map((example) => {
    const [command] = example.split(' ');
    const isOfNetworks = example !== prepared && !/himmelblau|camel|--runs/.test(example);
    return [
      ...example.replace('--seeds 0-9', '--seeds 0-1').split(' '),
      ...(isOfNetworks ? (QUICK[command] ?? []) : []),
    ];
  });
  const ran = await cli.runInOneProcess(lines);
  expect(ran.map(({ code, stderr }, k) => [lines[k].join(' '), code, code === 0 ? '' : stderr])).toEqual(
    lines.map((line) => [line.join(' '), 0, '']),
  );
}, 600_000);
