import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The package's version, from package.json: beside `src` and beside `dist`. */
export const VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'))).version;
