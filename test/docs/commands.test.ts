import { checkCommandLine, wordsOf } from '../cli/dry-program';
import { argumentsOf } from './blocks';
import { TREATED } from './treatment';

const lines = TREATED.flatMap(({ page, line, text }) => {
  const command = argumentsOf(text);
  return command === null ? [] : [[`${page}:${line}`, command] as const];
});

describe('the command lines of README and docs', () => {
  it('are found', () => {
    expect(lines.length).toBeGreaterThan(40);
    expect(lines.map(([, command]) => command)).toContain(
      'run --preset digits --method dsp-tt --seed 0 --out runs/first',
    );
  });

  it.each(lines)('can be typed as they stand: %s: dsptt %s', (_place, command) => {
    expect(checkCommandLine(wordsOf(command))).toBe(command.split(' ')[0]);
  });
});
