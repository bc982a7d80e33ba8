import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { FAST_SEARCH_FLAGS, REGISTER, ROOT } from '../builders';
import { CommandLine } from '../cli/dsptt';
import { blocksOf } from './blocks';

const blocks = blocksOf('docs/data.md');
const [rows] = blocks.filter(({ language }) => language === 'python');
const [named] = blocks.filter(({ text }) => text.includes('rows.py, args'));
const [script] = blocks.filter(({ language }) => language === 'ts');

describe('the page about data', () => {
  const cli = new CommandLine();
  const dataset = (run: string) => JSON.parse(cli.read(path.join(run, 'result.json'))).dataset;

  it('has a Python function whose data a run learns', async () => {
    cli.write('rows.py', rows.text);
    cli.write('rows.yaml', `${named.text}model: {name: mlp, args: {hidden: [8]}}\nbatchSize: 32\n`);
    const flags = ['--config=rows.yaml', '--budget=200', ...FAST_SEARCH_FLAGS, '--out=runs/rows', '--threads=1'];
    expect(await cli.run(['run', ...flags])).toMatchObject({ code: 0 });
    expect(dataset('runs/rows')).toBe('rows.py');
    expect(JSON.parse(cli.read('runs/rows/data.json')).classes).toEqual(['malignant', 'benign']);
  });

  it('has a script whose arrays a run learns', () => {
    const [imports, body] = [/^import .*$/gm, /^(?!import ).*$/gm].map((one) =>
      (script.text.match(one) ?? []).join('\n'),
    );
    const source = `${imports}\nasync function main() {\n${body}\n}\nmain();\n`;
    const file = cli.write('page.ts', source.replace("'dsptt'", JSON.stringify(path.join(ROOT, 'src'))));
    execFileSync(process.execPath, ['-r', REGISTER, file], { cwd: cli.directory });
    const [run] = cli.left.runs.filter((name) => name.startsWith('arrays-'));
    expect(dataset(path.join('runs', run))).toBe('arrays');
  });
});
