import fs from 'node:fs';
import path from 'node:path';
import { references } from '../../scripts/docs/references';
import { ROOT } from '../builders';

const directory = path.join(ROOT, 'docs', 'reference');

describe('docs/reference', () => {
  it.each(Object.entries(references()))(
    'has %s as the schema and the commands are now; else: npm run docs',
    (name, text) => {
      expect(fs.readFileSync(path.join(directory, name), 'utf8')).toBe(text);
    },
  );

  it('has nothing that is not made from them', () => {
    expect(fs.readdirSync(directory).sort()).toEqual(Object.keys(references()).sort());
  });
});
