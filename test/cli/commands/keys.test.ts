import fs from 'node:fs';
import path from 'node:path';
import { CommandLine, type Ended } from '../dsptt';

const cli = new CommandLine();
const wine = ['run', '--preset', 'wine', '--quiet'];

const LINES = {
  made: ['keys', 'made', '--client', 'laptop', 'desk'],
  help: ['keys', '--help'],
  default: ['keys', 'default'],
  added: ['keys', 'default', '--client', 'phone'],
  again: ['keys', 'default', '--client', 'phone'],
  both: ['keys', 'default', '--client', 'new', 'client'],
  outside: ['keys', 'none', '--client', '../up'],
  server: ['keys', 'none', '--client', 'server'],
  nested: ['keys', 'none', '--client', 'a/b'],
  empty: ['keys', 'none', '--client', ''],
  twice: ['keys', 'none', '--client', 'twice', 'twice'],
  keyless: [...wine, '--worker', 'tcp://127.0.0.1:5555'],
  nowhere: [...wine, '--keys', 'made/desk'],
  unclear: [...wine, '--worker', 'gpu:5555', '--keys', 'made/desk'],
} as const;
let ended: Record<string, Ended>;
beforeAll(async () => {
  const all = await cli.runInOneProcess(Object.values(LINES));
  ended = Object.fromEntries(Object.keys(LINES).map((name, k) => [name, all[k]]));
});

const mode = (name: string) => (fs.statSync(path.join(cli.directory, name)).mode & 0o777).toString(8);

/** All files and directories under a directory, with their modes. */
function tree(name: string): string[] {
  const under = fs.readdirSync(path.join(cli.directory, name), { recursive: true, encoding: 'utf8' });
  return under.map((entry) => `${mode(path.join(name, entry))} ${entry}`).sort();
}

describe('dsptt keys', () => {
  it('makes a directory for the worker and one for each client, for their owner only', () => {
    expect(ended.made).toMatchObject({ code: 0, stderr: '' });
    expect(mode('made')).toBe('700');
    expect(tree('made')).toEqual(
      [
        ...['700 server', '600 server/secret.key', '600 server/public.key'],
        ...['700 server/clients', '600 server/clients/laptop.key', '600 server/clients/desk.key'],
        ...['laptop', 'desk'].flatMap((client) => [
          `700 ${client}`,
          ...['secret', 'public', 'server'].map((key) => `600 ${client}/${key}.key`),
        ]),
      ].sort(),
    );
    expect(cli.read('made/laptop/server.key')).toBe(cli.read('made/server/public.key'));
    expect(cli.read('made/desk/public.key')).toBe(cli.read('made/server/clients/desk.key'));
    expect(cli.read('made/desk/secret.key')).toMatch(/^\S{40}\n$/);
  });

  it('makes a pair of its own for everybody', () => {
    const secrets = ['made/server', 'made/laptop', 'made/desk', 'default/server', 'default/client'];
    expect(new Set(secrets.map((name) => cli.read(`${name}/secret.key`))).size).toBe(secrets.length);
  });

  it('says what goes where, afterwards and in its help', () => {
    expect(ended.made.stdout).toMatch(/^made\/server: for the worker's machine, and nothing else of this/);
    expect(ended.made.stdout).toContain('made/laptop: for the machine of the client laptop');
    expect(ended.help.stdout).toMatch(/DIR\/server +to the worker's machine, and nothing else of DIR/);
    expect(ended.help.stdout).toMatch(/DIR\/NAME +stays here/);
  });

  it("adds a client to the keys that are there, with the worker's key", () => {
    expect(ended.added).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("default/server/clients/phone.key: for the worker's clients directory"),
    });
    for (const client of ['client', 'phone']) {
      expect(cli.read(`default/${client}/server.key`)).toBe(cli.read('default/server/public.key'));
      expect(cli.read(`default/${client}/public.key`)).toBe(cli.read(`default/server/clients/${client}.key`));
    }
  });

  it('overwrites nothing, and makes nothing where one of the clients is there', () => {
    expect(ended.again).toMatchObject({ code: 2, stdout: '' });
    expect(ended.again.stderr).toMatch(/^UsageError: default\/phone exists already, and keys are never overwritten/);
    expect(ended.both.stderr).toMatch(/^UsageError: default\/client exists already, and keys are never overwritten/);
    expect(cli.has('default/new')).toBe(false);
    expect(cli.has('default/server/clients/new.key')).toBe(false);
  });

  it.each(['outside', 'server', 'nested', 'empty', 'twice'])(
    'refuses names that are none, or given twice, before it writes anything: %s',
    (name) => {
      expect(ended[name].code).toBe(2);
      expect(ended[name].stderr).toMatch(/^UsageError: (a client's name has letters|--client names 'twice' twice)/);
      expect(cli.has('none')).toBe(false);
    },
  );
});

describe('dsptt run --worker', () => {
  it('refuses an address without keys, keys without an address, and an address that is none', () => {
    expect(ended.keyless).toMatchObject({ code: 2, stderr: expect.stringContaining('--worker needs --keys DIR') });
    expect(ended.nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('--keys is for --worker') });
    expect(ended.unclear).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--worker must be tcp://HOST:PORT'),
    });
    expect(cli.left).toEqual({ runs: [], workers: [] });
  });
});
