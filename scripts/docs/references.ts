import { cliPage } from './cli-page';
import { configPage } from './config-page';
import { configFileSchema } from './config-schema';

/** Returns the generated files of docs/reference, by name. */
export function references(): Readonly<Record<string, string>> {
  return {
    'cli.md': cliPage(),
    'config.md': configPage(),
    'config.schema.json': `${JSON.stringify(configFileSchema(), null, 2)}\n`,
  };
}
