import { constants, type Stats } from 'node:fs';
import { access, chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { curveKeyPair } from 'zeromq';
import { dsptt } from '../../command-name';
import { UsageError } from '../../errors';

/** Keys of a client for an encrypted connection (CURVE), in Z85. */
export interface CurveKeys {
  /** Public key of the worker, which authenticates it. */
  readonly serverKey: string;
  readonly publicKey: string;
  readonly secretKey: string;
}

/** Directories of the keys that `makeKeys` wrote. */
export interface MadeKeys {
  /** The worker's directory, the only one that belongs on the worker's machine. */
  readonly server: string;
  /** True if the worker's key pair was created by this call, false if it existed. */
  readonly isNew: boolean;
  /** One directory per client, which belongs on that client's machine. */
  readonly clients: readonly string[];
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const Z85 = /^[0-9a-zA-Z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/;

/**
 * Creates a key pair for a worker in DIR/server, unless it exists, and one for each client in DIR/NAME. The worker's
 * directory lists the public keys of all clients. Directories get mode 0700, files 0600; no file is ever overwritten.
 * @throws UsageError for an invalid name, or one that has keys already, before anything is written
 */
export async function makeKeys(directory: string, names: readonly string[]): Promise<MadeKeys> {
  const server = join(directory, 'server');
  for (const name of names) mustBeName(name, names);
  for (const path of names.flatMap((name) => [join(directory, name), join(server, 'clients', `${name}.key`)])) {
    if (await exists(path)) throw new UsageError(`${path} exists already, and keys are never overwritten`);
  }
  const isNew = !(await exists(server));
  if (isNew) await makeServerKeys(directory, server);
  const serverKey = await readKey(join(server, 'public.key'));
  for (const name of names) {
    const client = join(directory, name);
    const { publicKey, secretKey } = curveKeyPair();
    await makeDirectory(client);
    await writeKey(join(client, 'secret.key'), secretKey);
    await writeKey(join(client, 'public.key'), publicKey);
    await writeKey(join(client, 'server.key'), serverKey);
    await writeKey(join(server, 'clients', `${name}.key`), publicKey);
  }
  return { server, isNew, clients: names.map((name) => join(directory, name)) };
}

/**
 * Reads a client's directory of keys.
 * @throws UsageError when it is incomplete or damaged, or other users can read it
 */
export async function readClientKeys(directory: string): Promise<CurveKeys> {
  const [secret, own, server] = ['secret.key', 'public.key', 'server.key'].map((name) => join(directory, name));
  if (!(await exists(server))) {
    throw new UsageError(
      `--keys: there is no ${server}; name the directory of a client that \`${dsptt('keys', 'DIR')}\` has made, such as DIR/client`,
    );
  }
  for (const path of [directory, secret, own, server]) mustBePrivate(path, await stat(path));
  return { serverKey: await readKey(server), publicKey: await readKey(own), secretKey: await readKey(secret) };
}

async function makeServerKeys(directory: string, server: string): Promise<void> {
  const { publicKey, secretKey } = curveKeyPair();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await makeDirectory(server);
  await makeDirectory(join(server, 'clients'));
  await writeKey(join(server, 'secret.key'), secretKey);
  await writeKey(join(server, 'public.key'), publicKey);
}

async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  await chmod(path, 0o700); // mkdir's mode is subject to the umask
}

async function writeKey(path: string, key: string): Promise<void> {
  await writeFile(path, `${key}\n`, { mode: 0o600, flag: 'wx' });
}

async function readKey(path: string): Promise<string> {
  const key = (await readFile(path, 'utf8')).trim();
  if (Z85.test(key)) return key;
  throw new UsageError(`--keys: ${path} is no key: 40 characters of Z85 are wanted, got ${key.length} characters`);
}

function mustBeName(name: string, names: readonly string[]): void {
  if (!NAME.test(name) || name === 'server') {
    throw new UsageError(
      `a client's name has letters, digits, - and _ (64 at most) and is not 'server', got '${name}'`,
    );
  }
  if (names.indexOf(name) !== names.lastIndexOf(name)) throw new UsageError(`--client names '${name}' twice`);
}

function mustBePrivate(path: string, status: Stats): void {
  const { mode, uid } = status;
  if (mode & 0o077) {
    throw new UsageError(
      `--keys: ${path} has mode ${(mode & 0o7777).toString(8).padStart(4, '0')}, so others may read or change it: ` +
        `chmod ${status.isDirectory() ? '700' : '600'} it, or make new keys if others use this machine`,
    );
  }
  if (uid !== process.geteuid?.()) throw new UsageError(`--keys: ${path} belongs to another user (uid ${uid})`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
    return true;
  } catch {
    return false;
  }
}
