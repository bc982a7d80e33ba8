/** Factories that fail, each in its way. Prints the errors as JSON: those of single calls, and those of starts. */
import path from 'node:path';
import { DspttError, type ModelFactory, type Python, Session } from '../../src';
import { PythoniaLauncher } from '../../src/bridge/pythonia/launcher';

const FILE = path.join(__dirname, 'perceptron.py');

function described(error: unknown): object {
  if (!(error instanceof DspttError)) return { kind: 'another error', message: String(error) };
  return { kind: error.kind, message: error.message, traceback: error.traceback };
}

async function failureOf(work: () => Promise<unknown>): Promise<object> {
  try {
    await work();
    return { kind: 'none' };
  } catch (error) {
    return described(error);
  }
}

/** Calls that fail, and what each ends with. */
async function failingCalls(python: Python): Promise<Record<string, object>> {
  const own = await python.file(FILE);
  const net = await own.call('Perceptron', [13, 3]);
  const nn = await python('torch.nn');
  const pending = nn.call('Linear', [1, 1]);
  const calls: Record<string, () => Promise<unknown>> = {
    package: () => python('no_such_zoo.models'),
    file: () => python.file('no-such-file.py'),
    raises: () => own.call('broken', [7]),
    leaves: () => own.call('leave'),
    name: () => net.get('layres'),
    reads: async () => (await python('builtins')).call('open', ['/nowhere/weights']),
    tensor: () => net.value('layers.0.weight'),
    promise: () => Reflect.apply(net.set, net, ['layers.2', pending]), // as JavaScript allows
    infinite: () => nn.call('Linear', [Number.POSITIVE_INFINITY, 1]),
  };
  const failures: Record<string, object> = {};
  for (const [name, call] of Object.entries(calls)) failures[name] = await failureOf(call);
  return failures;
}

const start = (model: ModelFactory, factoryMs?: number) => failureOf(() => Session.start({ model, factoryMs }));

/** A factory whose second network has another width. */
async function startTwice(): Promise<void> {
  let inputs = 4;
  const launcher = new PythoniaLauncher(async (python) => {
    inputs += 1;
    return (await python('torch.nn')).call('Linear', [inputs, 3]);
  });
  await (await launcher.start()).stop(0);
  await (await launcher.start()).stop(0);
}

async function main(): Promise<void> {
  let calls: Record<string, object> = {};
  const starts = {
    noNetwork: await start(async (python) => {
      calls = await failingCalls(python);
      return python('torch.nn'); // the module of modules
    }),
    dies: await start(async (python) => (await python('os')).call('abort')),
    throws: await start(async () => {
      throw new RangeError('the script has thought better of it');
    }),
    another: await failureOf(() => startTwice()),
    late: await start(() => new Promise(() => {}), 5000),
  };
  console.log(JSON.stringify({ calls, starts }));
}

void main();
