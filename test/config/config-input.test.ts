import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { z } from 'zod';
import { configTypes } from '../../scripts/docs/config-types';
import { resolveConfig } from '../../src/config/resolve';
import { type ConfigInput, configSchema } from '../../src/config/schema';
import { ROOT } from '../builders';

type DeepPartial<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T;

it('the type of a configuration takes a resolved one, and what it takes the schema takes', () => {
  const config = resolveConfig([{ from: 'test', values: { preset: 'wine' } }]);
  const input: ConfigInput = config;
  const settings: DeepPartial<z.input<typeof configSchema>> = input; // compiles only while the two agree
  expect(configSchema.parse(settings)).toEqual(config);
});

it('the types of configurations are as the schemas are now; else: npm run docs', () => {
  const file = path.join(ROOT, 'src', 'config', 'config-input.ts');
  expect(fs.readFileSync(file, 'utf8')).toBe(configTypes());
});

describe('an editor of a script', () => {
  const file = path.join(ROOT, 'test', 'script.ts');
  const script =
    "import { run } from '../src';\nrun({ preset: '', method: '', budget: { steps: 1 }, dspTt: { rho1: { max: 1 } } });\n";
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => ({ strict: true, module: ts.ModuleKind.NodeNext, noLib: true, types: [] }),
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      const text = name === file ? script : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => ROOT,
    getDefaultLibFileName: () => '',
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
  };
  const service = ts.createLanguageService(host);
  const offered = (before: string) =>
    service.getCompletionsAtPosition(file, script.indexOf(before) + before.length, {})?.entries.map(({ name }) => name);

  it('is offered the names of presets and methods', () => {
    expect(offered("preset: '")).toEqual(expect.arrayContaining(['digits', 'cifar10-resnet164']));
    expect(offered("method: '")).toEqual(expect.arrayContaining(['dsp-tt', 'fge']));
  });

  it('is shown what an option means', () => {
    const shown = service.getQuickInfoAtPosition(file, script.indexOf('max: 1'))?.documentation;
    expect(ts.displayPartsToString(shown)).toBe('where rho1 is held; by default 1');
  });
});
