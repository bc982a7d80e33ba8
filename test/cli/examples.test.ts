import { examplesOf } from '../../scripts/docs/examples';
import { COMMANDS } from '../../src/cli/list';
import { wholeProgram } from '../../src/cli/program';
import { checkCommandLine, wordsOf } from './dry-program';

const EXAMPLES = wholeProgram(COMMANDS).commands.map((command) => [command.name(), examplesOf(command)] as const);

describe('the help of a command', () => {
  it.each(EXAMPLES)('has an example of its own: %s', (name, examples) => {
    expect(examples.filter((example) => example.split(' ')[0] === name)).not.toEqual([]);
  });

  it.each(EXAMPLES.flatMap(([, examples]) => examples))('shows what can be typed: dsptt %s', (example) => {
    expect(checkCommandLine(wordsOf(example))).toBe(example.split(' ')[0]);
  });

  it('would show what cannot: the check of examples has teeth', () => {
    const wrong = ['run --presets digits', 'report', 'run --seed x', 'completion csh', 'run --preset wine --paths 0'];
    for (const line of wrong) expect(() => checkCommandLine(wordsOf(line))).toThrow();
  });
});
