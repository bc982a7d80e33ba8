import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseReport } from '../../../scripts/bench/measure/report';
import { ROOT, temporaryDirectory } from '../../builders';

const directory = temporaryDirectory();

function script(name: string, args: readonly string[]) {
  const tsNode = path.join(ROOT, 'node_modules', '.bin', 'ts-node');
  return spawnSync(tsNode, ['-T', path.join(ROOT, 'scripts', 'bench', name), ...args], { cwd: ROOT, encoding: 'utf8' });
}

function bench(...args: string[]) {
  return script('main.ts', args);
}

describe('npm run bench', () => {
  it('measures what is asked for, and writes it as JSON and Markdown', () => {
    const [json, markdown] = ['rows.json', 'rows.md'].map((name) => path.join(directory, 'out', name));
    const only = ['--quick', '--pairs', '1', '--only', 'ensemble,search'];
    const { status, stdout, stderr } = bench(...only, '--json', json, '--markdown', markdown);
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^ensemble: .*\nsearch: .*/)]);
    const report = parseReport(fs.readFileSync(json, 'utf8'));
    expect(report).toMatchObject({ quick: true, failures: [], environment: { device: 'cpu', torchThreads: 1 } });
    expect(report.rows.map(({ name }) => name.split(':')[0])).toEqual(['ensemble', 'search', 'search']);
    for (const { name, ratio, low, high } of report.rows) {
      expect(low).toBeLessThanOrEqual(ratio);
      expect(high).toBeGreaterThanOrEqual(ratio);
      expect(stdout).toContain(name);
      expect(fs.readFileSync(markdown, 'utf8')).toContain(name);
    }
  });

  it('ends with 1 where something could not be run, and still says what the others found', () => {
    const { status, stdout } = bench('--quick', '--pairs', '1', '--only', 'ensemble,memory', '--device', 'nonsense');
    expect(status).toBe(1);
    expect(stdout).toMatch(/ensemble: seconds/);
    expect(stdout).toMatch(/memory could not be run: .*nonsense/);
  });

  it('names the benches that there are when one is asked for that there is not', () => {
    const { status, stderr } = bench('--only', 'speed');
    expect(status).toBe(1);
    expect(stderr).toMatch(/no bench 'speed'; known: bridge, search/);
  });
});

it('the measurement of many workers says what they cost Node', () => {
  const { status, stdout } = script('many-workers.ts', ['2', '1']);
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^2 workers, 1 s: Node took \d\.\d{3} of a core and \d+ MB, \d+ MB at most; its journals grew/,
  );
});
