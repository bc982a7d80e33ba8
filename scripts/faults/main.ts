/**
 * Fault injection: `npm run test:faults -- NAME [--rounds N] [--seed S]`; `kills` and `places` take `--on ray` and
 * `--on slurm`. The tests do the same with fewer rounds; docs/results/faults.md and scale-out.md report the findings.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { run as decoders } from './decoders';
import { run as kills } from './kills';
import { run as live } from './live';
import { run as load } from './load';
import type { FaultOptions } from './options';
import { run as places } from './places';

/** Runs faults and prints what happened; resolves to true if all went well. */
type Fault = (options: FaultOptions) => Promise<boolean>;

const FAULTS: Readonly<Record<string, Fault>> = { decoders, kills, live, load, places };

async function main(): Promise<void> {
  const number = { type: 'string' } as const;
  const options = { rounds: number, seed: number, 'first-block': number, on: number };
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  const [name = ''] = positionals;
  const fault = FAULTS[name];
  if (fault === undefined) throw new Error(`no fault is named '${name}'; there are: ${Object.keys(FAULTS).join(', ')}`);
  const seed = values.seed === undefined ? randomInt(2 ** 31) : whole('seed', values.seed);
  const rounds = values.rounds === undefined ? undefined : whole('rounds', values.rounds);
  console.log(`${name}: seed ${seed}`);
  const isWell = await fault({
    rounds,
    seed,
    firstBlock: whole('first-block', values['first-block'] ?? '0'),
    on: values.on,
  });
  console.log(isWell ? `${name}: passed` : `${name}: FAILED (seed ${seed})`);
  process.exitCode = isWell ? 0 : 1;
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`--${name} must be a whole number >= 0, got '${text}'`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
