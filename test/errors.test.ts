import { inspect } from 'node:util';
import { ConfigError } from '../src/errors';

describe('an error that is not caught', () => {
  const error = new ConfigError('a sentence', { traceback: 'File "model.py", line 3' });

  it('shows its message and no Python traceback', () => {
    expect(inspect(error)).toMatch(/^ConfigError: a sentence\n/);
    expect(inspect(error)).not.toContain('model.py');
  });

  it('keeps the traceback for a caller that asks', () => {
    expect(error.traceback).toContain('model.py');
  });
});
