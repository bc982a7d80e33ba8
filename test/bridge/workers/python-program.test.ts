import { runPythonProgram } from '../../../src/bridge/workers/python-program';
import { DataError, InterruptedError, WorkerError } from '../../../src/errors';
import { failureOf, processes, temporaryDirectory } from '../../builders';

const directory = temporaryDirectory();
const NO_RUN = ['export', directory, '--to=safetensors', '--out=never'];

describe('a Python program', () => {
  it('ends with the typed error that it reports, and its traceback', async () => {
    const error = await failureOf(runPythonProgram(NO_RUN));
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({
      message: `${directory} is no run directory: it has no config.json`,
      traceback: expect.stringContaining('DataFaultError'),
    });
  });

  it('ends with what it printed where it reports nothing', async () => {
    const error = await failureOf(runPythonProgram(['fly']));
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toMatch(/ -m dsptt ended with 2: [\s\S]*invalid choice: 'fly'/);
  });

  it('is ended by a signal that is aborted, and leaves no process', async () => {
    const controller = new AbortController();
    const ending = failureOf(runPythonProgram(NO_RUN, controller.signal));
    controller.abort();
    expect(await ending).toBeInstanceOf(InterruptedError);
    expect(processes().filter(({ command }) => command.includes(directory))).toEqual([]);
    expect(await failureOf(runPythonProgram(NO_RUN, controller.signal))).toBeInstanceOf(InterruptedError);
  });
});
