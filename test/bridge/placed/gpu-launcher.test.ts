import fs from 'node:fs';
import path from 'node:path';
import { GpuLauncher } from '../../../src/bridge/placed/gpu-launcher';
import type { WorkerHandle } from '../../../src/bridge/workers/launcher';
import { InterruptedError } from '../../../src/errors';
import { failureOf, temporaryDirectory } from '../../builders';

const directory = temporaryDirectory();
const { PATH, CUDA_VISIBLE_DEVICES } = process.env;

/** Puts an nvidia-smi on the path, and a Python that notes which GPUs it sees and then waits for its end. */
function pretend(listed: string): string {
  fs.writeFileSync(path.join(directory, 'nvidia-smi'), `#!/bin/sh\n${listed}\n`, { mode: 0o755 });
  const python = path.join(directory, 'python');
  fs.writeFileSync(python, `#!/bin/sh\necho "$CUDA_VISIBLE_DEVICES" >> '${directory}/seen'\nexec cat\n`, {
    mode: 0o755,
  });
  return python;
}

beforeEach(() => {
  process.env.PATH = `${directory}:${PATH}`;
  Reflect.deleteProperty(process.env, 'CUDA_VISIBLE_DEVICES');
});
afterAll(() => {
  process.env.PATH = PATH;
  if (CUDA_VISIBLE_DEVICES !== undefined) process.env.CUDA_VISIBLE_DEVICES = CUDA_VISIBLE_DEVICES;
});

describe('workers on the GPUs of this machine', () => {
  const handles: WorkerHandle[] = [];
  afterAll(() => Promise.all(handles.map((handle) => handle.stop(1000))));

  it('are refused where there is none, in one sentence', async () => {
    pretend('echo no devices were found >&2; exit 9');
    const error = await failureOf(new GpuLauncher('python').start());
    expect(error).toMatchObject({
      kind: 'UsageError',
      message: expect.stringMatching(/^--on gpus: nvidia-smi, .*does not answer/),
    });
    process.env.CUDA_VISIBLE_DEVICES = '';
    expect((await failureOf(new GpuLauncher('python').start())).message).toContain("CUDA_VISIBLE_DEVICES is ''");
  });

  it('have one each, over all launchers; further ones wait for the first that is free, or are given up', async () => {
    const python = pretend("printf '0\\n1\\n'");
    const start = async (signal?: AbortSignal) => {
      const handle = await new GpuLauncher(python).start(signal);
      handles.push(handle);
      return handle;
    };
    const [first] = await Promise.all([start(), start()]);
    const controller = new AbortController();
    const unneeded = failureOf(start(controller.signal));
    const third = start();
    controller.abort();
    expect(await unneeded).toBeInstanceOf(InterruptedError);
    expect(handles).toHaveLength(2);
    await first.stop(1000);
    await third;
    await Promise.all(handles.map((handle) => handle.stop(1000)));
    const seen = fs.readFileSync(path.join(directory, 'seen'), 'utf8').trim().split('\n');
    expect(seen.slice(0, 2).sort()).toEqual(['0', '1']);
    expect(seen).toHaveLength(3);
  });
});
