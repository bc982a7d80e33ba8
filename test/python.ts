import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(__dirname, '..');

/** Run the project's Python with the arguments given; answers what it printed, as JSON. */
export function runPython(args: readonly string[], input = ''): unknown {
  const env = { ...process.env, PYTHONPATH: path.join(root, 'python') };
  const printed = execFileSync(process.execPath, ['scripts/python.js', ...args], {
    cwd: root,
    env,
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(printed);
}

/** Run a Python program that finds its input in `given` and leaves its answer in `answer`. */
export function askPython(program: string, given: unknown): unknown {
  const wrapped = `import json, sys\ngiven = json.load(sys.stdin)\n${program}\nprint(json.dumps(answer))`;
  return runPython(['-c', wrapped], JSON.stringify(given));
}
