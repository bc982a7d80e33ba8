import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Checkout, compiling, said } from './checkout';

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout('dsptt.js');
  checkout.addCommand();
});
afterEach(() => checkout.remove());

describe('npm run build', () => {
  const build = () =>
    spawnSync(process.execPath, ['scripts/build/dist.js'], { cwd: checkout.root, encoding: 'utf8', env: { PATH: '' } });
  const compiledFiles = () => {
    const files = fs.readdirSync(checkout.path('dist'), { recursive: true }).map(String);
    const code = files.filter((file) => /\.js(\.map)?$/.test(file)).sort();
    return code.map((file) => [file, fs.readFileSync(checkout.path(path.join('dist', file)), 'utf8')]);
  };

  it('makes the same code as a command, and declarations, which a command takes as they are', async () => {
    await checkout.run();
    const compiled = compiledFiles();
    expect(compiled.length).toBeGreaterThan(4);
    expect(build()).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(compiledFiles()).toEqual(compiled);
    expect(fs.existsSync(checkout.path('dist/greeting.d.ts'))).toBe(true);
    expect(await checkout.run()).toEqual(said('hello'));
  });

  it('fails at a wrong type, and leaves a dist that the next command makes anew', async () => {
    await checkout.run();
    checkout.write('src/greeting.ts', "export const greeting: number = 'hello';\n");
    expect(build()).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('src/greeting.ts(1,14): error TS2322'),
    });
    expect(await checkout.run()).toEqual({ ...said('hello'), stderr: compiling(4) });
  });
});
