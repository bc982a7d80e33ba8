import type { Command } from 'commander';
import { COMMANDS } from '../../src/cli/list';
import { emptyProgram, wholeProgram } from '../../src/cli/program';

/** Flags that state a setting, of every command that runs methods or prints a configuration. */
const SETTINGS = `--preset --scale --tiers --paths --verify --selection --barriers --budget --device --threads --precision
  --members-at-once --data-dir --config --set`;
const RUN = `${SETTINGS} --tier0 --out --json --quiet`;
const PLACE = '--on --worker-python --gpus-per-worker --cpus-per-worker --ray-resources';
const WORKER = `${PLACE} --worker --keys --checkpoint-minutes --checkpoint-epochs --max-restarts --stall-timeout`;

/** All commands and their flags, as text, so that a change of the source cannot change it. */
const FROZEN: Readonly<Record<string, string>> = {
  run: `${RUN} ${WORKER} --method --seed --direction --watch --log --require-members --resume`,
  resume: `${WORKER} --watch --log --trust-code --data-dir --require-members --json --quiet`,
  predict: '--input --out --ensemble --member --batch --device --resize --calibrated --trust-code --json',
  export: '--to --ensemble --member --calibrated --trust-code --json',
  compare: `${RUN} ${WORKER} --format --methods --seeds --at-once --resume --runs --baseline --ensembles`,
  report: '--out --format --figures --title',
  watch: '--port --no-open',
  sweep: `${RUN} ${PLACE} --format --rho1 --rho2 --seeds --steps`,
  'verify-exit':
    '--optimum --path --by --samples --steps --step-size --projection --device --trust-code --out --json --quiet',
  reproduce: `${PLACE} --out --dataset --data-dir --scale --architecture --seed --seeds --at-once --quick --quiet`,
  regress: '--tolerance --json',
  models: '--zoo --search --limit --json',
  keys: '--client',
  doctor: `${PLACE} --device --data-dir --json`,
  setup: '',
  config: `${SETTINGS} --method --seed --explain --json`,
  init: '--preset --method --scale --force',
  completion: '',
  quickstart: '--quiet',
};

const DECISION =
  'A new command or flag is a decision, as it has to be kept, documented and completed: --set KEY=VALUE states any ' +
  'setting without one. Where it is worth that, add it to FROZEN here and to the change log.';

it('the command line has these commands and flags, and a new one is a decision', () => {
  const frozen = Object.entries(FROZEN).flatMap(([name, flags]) => named(name, flags.split(/\s+/)));
  const { commands } = wholeProgram(COMMANDS);
  const longs = ({ options }: Command) => options.map(({ long }) => long ?? '');
  const now = commands.flatMap((command) => named(command.name(), longs(command)));
  const added = now.filter((name) => !frozen.includes(name));
  const removed = frozen.filter((name) => !now.includes(name));
  expect({ added, removed, note: DECISION }).toEqual({ added: [], removed: [], note: DECISION });
});

it('dsptt itself has --debug and --version', () => {
  expect(emptyProgram().options.map(({ long }) => long)).toEqual(['--version', '--debug']);
});

/** A command, and each of its flags with it. */
function named(command: string, flags: readonly string[]): string[] {
  return [command, ...flags.filter((flag) => flag !== '').map((flag) => `${command} ${flag}`)];
}
