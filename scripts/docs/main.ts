// Writes docs/reference from the schema and the commands: `npm run docs`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { references } from './references';

const directory = join(__dirname, '..', '..', 'docs', 'reference');

mkdirSync(directory, { recursive: true });
for (const [name, text] of Object.entries(references())) {
  writeFileSync(join(directory, name), text);
  console.log(join(directory, name));
}
