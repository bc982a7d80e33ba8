/**
 * A program that owns a worker inside pythonia's Python: prints `{"pid": ...}`, and then waits (`serving`), or waits in
 * the middle of its factory, in a call that does not end (`building`), or throws where nobody catches (`throw`).
 */
import { type Python, type PythonObject, Session } from '../../src';

let pid: unknown;

async function build(python: Python, ending: string | undefined): Promise<PythonObject> {
  pid = await (await (await python('os')).call('getpid')).value();
  if (ending === 'building') {
    const sleeping = (await python('time')).call('sleep', [1_000_000]);
    console.log(JSON.stringify({ pid }));
    await sleeping;
  }
  return (await python('torch.nn')).call('Linear', [13, 3]);
}

async function main(ending: string | undefined): Promise<void> {
  await Session.start({ model: (python) => build(python, ending) });
  console.log(JSON.stringify({ pid }));
  if (ending === 'throw') throw new Error('nobody catches this');
}

void main(process.argv[2]);
