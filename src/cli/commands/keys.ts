import { join } from 'node:path';
import type { Command } from 'commander';
import { type MadeKeys, makeKeys } from '../../bridge/wire/key-files';
import { dsptt } from '../../command-name';

interface Flags {
  readonly client?: readonly string[];
}

const NOTE = `
What goes where:
  DIR/server   to the worker's machine, and nothing else of DIR:
                 scp -rp DIR/server gpu:dsptt-keys
                 python -m dsptt_worker --listen tcp://0.0.0.0:5555 --keys dsptt-keys
  DIR/NAME     stays here, or goes to the machine of that client, and nowhere else:
                 dsptt run --worker tcp://gpu:5555 --keys DIR/NAME --preset digits

Each holds a secret.key, which is worth as much as a password to the worker's machine. Run it again with --client to
add a client: the worker then needs the new file in DIR/server/clients, and a restart. No file is overwritten.
See docs/remote.md for details.

Example:
  dsptt keys keys --client laptop desktop`;

/**
 * Defines `dsptt keys`: it creates the keys by which a worker on another machine and its clients authenticate each
 * other.
 */
export function keysCommand(command: Command): void {
  command
    .argument('<dir>', 'directory to create the keys in')
    .option('--client <names...>', 'clients that may connect, one key pair each (default: client)')
    .addHelpText('after', NOTE)
    .action(execute);
}

async function execute(directory: string, { client = ['client'] }: Flags): Promise<void> {
  process.stdout.write(`${told(await makeKeys(directory, client), client)}\n`);
}

function told({ server, isNew, clients }: MadeKeys, names: readonly string[]): string {
  const lines = isNew
    ? [`${server}: for the worker's machine, and nothing else of this (python -m dsptt_worker --keys)`]
    : names.map((name) => `${join(server, 'clients', `${name}.key`)}: for the worker's clients directory; restart it`);
  const own = clients.map(
    (path, k) => `${path}: for the machine of the client ${names[k]} (\`${dsptt('run', '--keys', clients[k])}\`)`,
  );
  return [...lines, ...own].join('\n');
}
