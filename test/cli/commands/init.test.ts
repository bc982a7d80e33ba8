import { parse } from 'yaml';
import { z } from 'zod';
import { starterConfig } from '../../../src/cli/commands/init';
import { CHOICES } from '../../../src/cli/flags/choices';
import { resolveAny } from '../../../src/cli/flags/resolve-any';
import { analyticSchema } from '../../../src/config/closed-form';
import { optionsOf } from '../../../src/config/option-tree';
import { isAnalytic, valueAt } from '../../../src/config/resolve';
import { configSchema } from '../../../src/config/schema';
import { METHODS, SECTIONS } from '../../../src/methods';

const settings = z.record(z.string(), z.unknown());
const resolved = (values: object) => resolveAny([{ from: 'test', values }]);
/** A starter file with the `#` before each setting taken away, as an editor would. */
const uncommented = (text: string) => text.replace(/^( *)#(?! \S)/gm, '$1');

describe('the file that dsptt init writes', () => {
  const cases = CHOICES.preset.flatMap((preset) =>
    resolved({ preset }).method === 'tier-by-tier'
      ? [{ preset }]
      : [{ preset }, { preset, scale: 'smoke' }, ...Object.keys(METHODS).map((method) => ({ preset, method }))],
  );

  it.each(cases)('resolves to the same as %j, with or without its comments', (values) => {
    const text = starterConfig(values, './config.schema.json');
    expect(resolved(settings.parse(parse(text)))).toEqual(resolved(values));
    const whole = settings.parse(parse(uncommented(text)));
    expect(ownOptions(resolved(whole))).toEqual(ownOptions(resolved(values)));
    const own = ownOptions(resolved(values));
    const isMissing = (at: readonly string[]) => valueAt(own, at) !== undefined && valueAt(whole, at) === undefined;
    const missing = optionsOf(schemaOf(values)).filter(({ path }) => isMissing(path));
    expect(missing).toEqual([]);
  });

  it('explains every option of the method, and none of another', () => {
    const text = starterConfig({ preset: 'digits' }, './config.schema.json');
    const rival = starterConfig({ preset: 'digits', ...{ method: 'fge' } }, './config.schema.json');
    expect(text).toContain('  # learning rate at the start, lr0 (number > 0; default: 0.1)\n  lr: 0.1\n');
    expect(text).toMatch(/^ {2}#rho2TimesLr: 0\.1$/m);
    expect([/^#?fge:/m.test(text), /^#?dspTt:/m.test(rival), /^fge:/m.test(rival)]).toEqual([false, false, true]);
    for (const line of text.split('\n').filter((written) => /^ *#?\w+:/.test(written))) {
      expect(text).toMatch(new RegExp(`^ *#? *# .+\n${line.replace(/[[\]{}.*+?^$()|\\]/g, '\\$&')}$`, 'm'));
    }
  });
});

const schemaOf = ({ preset }: { readonly preset: string }) =>
  isAnalytic([{ from: 'test', values: { preset } }]) ? analyticSchema : configSchema;

/** A configuration without the parts that its method does not read. */
function ownOptions(config: { readonly method: string }): object {
  const reads: readonly string[] = METHODS[config.method]?.reads ?? [];
  const others = SECTIONS.filter((section) => !reads.includes(section));
  return Object.fromEntries(Object.entries(config).filter(([name]) => !others.includes(name)));
}
