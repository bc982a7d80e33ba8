import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { codeFile, HERE, moduleFolder, type Places, weightsFile } from '../../src/executor/places';
import { located } from '../../src/executor/task-spec';
import { temporaryDirectory } from '../builders';

const root = temporaryDirectory();
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** Writes files into a folder; returns the folder. */
function laid(name: string, files: Readonly<Record<string, string>>): string {
  const folder = path.join(root, name);
  fs.mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, file), text);
  return folder;
}

const code = { 'net.py': hash('net'), 'blocks.py': hash('blocks') };
const edited = laid('edited', { 'net.py': 'net', 'blocks.py': 'other', 'w.pt': 'others' });
const whole = laid('whole', { 'net.py': 'net', 'blocks.py': 'blocks', 'w.pt': 'weights' });
const empty = laid('empty', {});
const inFolders = (folders: readonly string[], origin: Places['origin'] = {}): Places => ({
  of: (stated) => folders.map((folder) => path.resolve(folder, stated)),
  origin,
});

describe('a file that a configuration names', () => {
  const folders = [empty, edited, whole];

  it('is the first one that is what it was, with what it imports', () => {
    const places = inFolders(folders, { code, weightsSha256: hash('weights') });
    expect(codeFile('net.py', places, places.origin.code)).toBe(path.join(whole, 'net.py'));
    expect(moduleFolder('net', places, places.origin.code)).toBe(whole);
    expect(weightsFile('w.pt', places)).toBe(path.join(whole, 'w.pt'));
  });

  it('is the first that there is where none is what it was, or nothing is known of it', () => {
    for (const origin of [{}, { code: { 'net.py': '' }, weightsSha256: '' }]) {
      const places = inFolders(folders, origin);
      expect(codeFile('net.py', places, places.origin.code)).toBe(path.join(edited, 'net.py'));
      expect(moduleFolder('net', places, places.origin.code)).toBe(edited);
      expect(weightsFile('w.pt', places)).toBe(path.join(edited, 'w.pt'));
    }
  });

  it('lies in the last place, the current folder, where there is none', () => {
    const places = inFolders([whole, empty], { code });
    expect(codeFile('none.py', places, places.origin.code)).toBe(path.join(empty, 'none.py'));
    expect(weightsFile('none.pt', places)).toBe(path.join(empty, 'none.pt'));
    expect(codeFile('net.py', HERE)).toBe(path.resolve('net.py'));
  });

  it('is sent with its function, and a module with the folder that is searched for it', () => {
    const places = inFolders([whole]);
    const dataset = { name: 'digits', args: {}, dir: null };
    const model = { name: null, args: {}, weights: null };
    const file = { ...model, python: 'net.py:Nets.small' };
    const found = { ...model, python: path.join(whole, 'net.py:Nets.small') };
    expect(located({ dataset, model: file }, places)).toEqual({ dataset, model: found });
    const module = { ...model, python: 'net:build' };
    expect(located({ dataset, model: module }, places)).toEqual({ dataset, model: module, modules: whole });
    const named = { ...model, name: 'mlp', python: null };
    expect(located({ dataset, model: named }, places)).toEqual({ dataset, model: named });
  });

  it('may be a function of the data as well as of the network', () => {
    const places = inFolders([whole]);
    const dataset = { name: null, args: { rows: 3 }, dir: 'rows' };
    const model = { name: 'mlp', args: {}, weights: null, python: null };
    const own = { ...dataset, python: 'net.py' };
    expect(located({ dataset: own, model }, places).dataset).toEqual({
      ...dataset,
      python: path.join(whole, 'net.py'),
    });
    const module = { ...dataset, python: 'net:rows' };
    expect(located({ dataset: module, model }, places)).toEqual({ dataset: module, model, modules: whole });
  });
});
