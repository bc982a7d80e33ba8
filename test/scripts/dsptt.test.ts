import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { Checkout, compiling, MAIN, said } from './checkout';

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout('dsptt.js');
  checkout.addCommand();
});
afterEach(() => checkout.remove());

describe('a command in a checkout', () => {
  it('compiles all sources once, and says so on standard error', async () => {
    expect(await checkout.run()).toEqual({ ...said('hello'), stderr: compiling(4) });
    expect(await checkout.run(['you'])).toEqual(said('goodbye, you'));
    expect(fs.readFileSync(checkout.path('dist/watch/browser/page.js'), 'utf8')).toBe('export const width = 100;\n');
  });

  it('compiles a source again where its text has changed, even at the same size and time', async () => {
    await checkout.run();
    const { atime, mtime } = fs.statSync(checkout.path('src/greeting.ts'));
    checkout.write('src/greeting.ts', "export const greeting: string = 'howdy';\n");
    fs.utimesSync(checkout.path('src/greeting.ts'), atime, mtime);
    expect(await checkout.run()).toEqual({ ...said('howdy'), stderr: compiling(1) });
  });

  it('compiles nothing where only the time of a source has changed', async () => {
    await checkout.run();
    fs.utimesSync(checkout.path('src/greeting.ts'), new Date(), new Date());
    expect(await checkout.run()).toEqual(said('hello'));
  });

  it("compiles all sources again where the compiler's settings have changed", async () => {
    await checkout.run();
    checkout.write('tsconfig.build.json', `${fs.readFileSync(checkout.path('tsconfig.build.json'), 'utf8')}\n`);
    expect((await checkout.run()).stderr).toBe(compiling(4));
  });

  it('does not find a source that was renamed under its old name', async () => {
    await checkout.run();
    fs.renameSync(checkout.path('src/greeting.ts'), checkout.path('src/welcome.ts'));
    const { code, stderr } = await checkout.run();
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("Cannot find module '../greeting'") });
    checkout.write('src/cli/main.ts', MAIN.replace('../greeting', '../welcome'));
    expect(await checkout.run()).toEqual({ ...said('hello'), stderr: compiling(1) });
  });

  it('is not stopped by a wrong type', async () => {
    checkout.write('src/greeting.ts', "export const greeting: number = 'hello';\n");
    expect(await checkout.run()).toMatchObject({ code: 3, stdout: 'hello\n' });
  });

  it('is stopped by a syntax error in a source that it loads, and names its line', async () => {
    checkout.write('src/goodbye.ts', 'export const goodbye =\n  1 + ;\n');
    expect(await checkout.run()).toMatchObject({ code: 3, stdout: 'hello\n' });
    const { code, stderr } = await checkout.run(['you']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/SyntaxError: src\/goodbye\.ts\(2,7\): error TS1109: Expression expected\./);
  });

  it('compiles once where two start at once', async () => {
    const ended = await Promise.all([checkout.run(), checkout.run()]);
    for (const { code, stdout } of ended) expect({ code, stdout }).toEqual({ code: 3, stdout: 'hello\n' });
    const compilations = ended.filter(({ stderr }) => stderr.includes(compiling(4)));
    expect(compilations).toHaveLength(1);
  });

  it('makes dist anew after a compilation that was killed half-way', async () => {
    await checkout.run();
    fs.rmSync(checkout.path('dist/sources.json'));
    fs.rmSync(checkout.path('dist/cli'), { recursive: true });
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    checkout.write('.compile-lock/pid', String(dead));
    expect(await checkout.run()).toEqual({ ...said('hello'), stderr: compiling(4) });
    expect(fs.readdirSync(checkout.root).filter((name) => name.startsWith('.compile-lock'))).toEqual([]);
  });

  it('runs the sources as they are where dist cannot be written', async () => {
    checkout.write('dist', 'a file where a folder should be');
    const { code, stdout, stderr } = await checkout.run();
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'hello\n' });
    expect(stderr).toMatch(/^dsptt: dist cannot be brought up to date \(ENOTDIR.*\): compiling the sources .*\n$/);
  });

  it('names the remedy where the npm packages are missing', async () => {
    fs.rmSync(checkout.path('node_modules'));
    const stderr = 'dsptt: the npm packages are not installed yet: run `npm run setup` first.\n';
    expect(await checkout.run()).toEqual({ code: 1, stdout: '', stderr });
  });
});
