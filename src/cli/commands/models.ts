import { type Command, InvalidArgumentError } from 'commander';
import { listModels } from '../../bridge/workers/models';
import { modelsTable } from '../../report/models';
import { CHOICES } from '../flags/choices';
import { count } from '../flags/parsers';
import { interruptible } from '../interrupt';

interface Flags {
  readonly zoo?: string;
  readonly search: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** Number of networks that the worker lists in one answer at most. */
const MOST = 1000;

const NOTE = `
A network of any package is written as --set model='{python: package.module:function, args: {...}}', one of your own as
--set model='{python: file.py}', where the file defines defineModel(inputs, outputs, **args).

Examples:
  dsptt models
  dsptt models --zoo pytorchcv --search resnet20`;

/** Defines `dsptt models`: it lists networks by name, with their sizes and how a configuration states them. */
export function modelsCommand(command: Command): void {
  command
    .option('--zoo <package>', `list a package's networks instead of our own: ${CHOICES.zoo.join(', ')}`)
    .option('--search <text>', 'only networks with this in their names', '')
    .option('--limit <n>', 'most networks to list; each is built to count its parameters', limited, 50)
    .option('--json', 'print the list as JSON')
    .addHelpText('after', NOTE)
    .action(execute);
}

function limited(text: string): number {
  const limit = count(text);
  if (limit < 1 || limit > MOST) throw new InvalidArgumentError(`must be 1 to ${MOST}.`);
  return limit;
}

async function execute({ zoo, search, limit, json }: Flags): Promise<void> {
  const list = await interruptible((signal) => listModels({ zoo: zoo ?? null, search, limit }, signal));
  process.stdout.write(json ? `${JSON.stringify(list, null, 2)}\n` : `${modelsTable(list)}\n`);
}
