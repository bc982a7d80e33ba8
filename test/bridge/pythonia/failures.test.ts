import { z } from 'zod';
import { temporaryDirectory, workerDirectories } from '../../builders';
import { answerOf, startScript } from '../../zoo/script';

const failure = z.object({ kind: z.string(), message: z.string(), traceback: z.string().optional() });
const failures = z.object({ calls: z.record(z.string(), failure), starts: z.record(z.string(), failure) });

describe('a factory that fails', () => {
  const temporary = temporaryDirectory();
  let calls: z.infer<typeof failures>['calls'];
  let starts: typeof calls;
  beforeAll(async () => {
    ({ calls, starts } = failures.parse(await answerOf(startScript('failures.ts', temporary))));
  });

  it.each([
    ['package', 'ConfigError', /^there is no package 'no_such_zoo' in .*: install it there/],
    ['file', 'ConfigError', /^there is no Python file .*\/no-such-file\.py$/],
    ['raises', 'ConfigError', 'Python raised ValueError: no network is 7 layers deep'],
    ['leaves', 'ConfigError', 'Python raised SystemExit: no licence'],
    ['name', 'ConfigError', /Perceptron has no 'layres'; it has: layers/],
    ['reads', 'DataError', /FileNotFoundError.*\/nowhere\/weights/],
    ['tensor', 'ConfigError', /^layers\.0\.weight is a torch\.nn\.parameter\.Parameter and has no JSON form/],
    ['promise', 'ConfigError', /^layers\.2 must be .*, got a promise \(await it first\)$/],
    ['infinite', 'ConfigError', /^Linear, argument 1 must be .*, got number Infinity$/],
  ])('hears of a call that cannot be: %s', (name, kind, message) => {
    expect(calls[name]).toMatchObject({ kind });
    expect(calls[name].message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('gets the Python traceback, down to the line of its own file', () => {
    expect(calls.raises.traceback).toMatch(/perceptron\.py", line \d+, in broken/);
  });

  it.each([
    ['noNetwork', 'ConfigError', /^a torch\.nn\.Module must be handed over, got module$/],
    ['dies', 'WorkerError', /was ended by SIGABRT before it could be used as a worker$/],
    ['throws', 'ConfigError', /^the model factory failed: the script has thought better of it$/],
    ['late', 'WorkerError', /^the model factory has built no network within 5000 ms/],
    ['another', 'ConfigError', /^the factory has built another network than at the first start: weight is \[3, 6\] /],
  ])('ends the start: %s', (name, kind, message) => {
    expect(starts[name]).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it('leaves no directory, and lets the script end by itself', () => {
    expect(workerDirectories(temporary)).toEqual([]);
  });
});

describe('a script that runs pythonia on its own account', () => {
  const temporary = temporaryDirectory();

  it('cannot have a session with a factory', async () => {
    const { code, stdout } = await startScript('own-pythonia.ts', temporary).ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'UsageError\n' });
  });
});
