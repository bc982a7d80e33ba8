import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../builders';
import { wordsOf } from '../cli/dry-program';
import { CommandLine } from '../cli/dsptt';
import { TREATED } from './treatment';

const cli = new CommandLine();
const scripts = TREATED.flatMap(({ treatment }) => (treatment.kind === 'script' ? [treatment.args] : []));

it('the scripts that made the tables of docs work, one after the other, as far as seconds show it', async () => {
  const lines = scripts.map((script) => {
    const [file, ...words] = wordsOf(script);
    const methods = words[0] === 'tune' ? ['single', 'dsp-tt'] : [];
    return [path.join(ROOT, file), ...words, ...methods, '--quick'];
  });
  const { code, stdout, stderr } = await cli.runScripts(lines);
  expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  const made = scripts.flatMap((script) => /(?:tune|compare|run) (?:CIFAR )?(\S+\.jsonl)/.exec(script)?.[1] ?? []);
  expect(fs.readdirSync(cli.directory).sort()).toEqual([...new Set(made)].sort());
  for (const head of [
    '| himmelblau, dynamic |',
    '### single',
    '| one network |',
    '| DSP-TT, rhoMax 3 |',
    '| seed | maximum of the loss',
  ]) {
    expect(stdout).toContain(head);
  }
}, 600_000);
