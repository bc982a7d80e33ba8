// Writes what is made from the schema and the commands, docs/reference and the types of configurations: `npm run docs`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configTypes } from './config-types';
import { references } from './references';

const root = join(__dirname, '..', '..');
const reference = join(root, 'docs', 'reference');

mkdirSync(reference, { recursive: true });
for (const [name, text] of Object.entries(references())) write(join(reference, name), text);
write(join(root, 'src', 'config', 'config-input.ts'), configTypes());

function write(file: string, text: string): void {
  writeFileSync(file, text);
  console.log(file);
}
