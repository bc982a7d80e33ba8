import path from 'node:path';
import { z } from 'zod';
import { isRunning, temporaryDirectory, workerDirectories } from '../../builders';
import { askPython } from '../../python';
import { answerOf, startScript } from '../../zoo/script';

const temporary = temporaryDirectory();

describe('a network of pytorchcv with another head', () => {
  const session = z.object({
    parameters: z.number(),
    stateSha256: z.string(),
    loss: z.array(z.number()),
    second: z.string(),
    other: z.string(),
  });
  const answer = z.object({ sessions: z.tuple([session, session]), pids: z.tuple([z.number(), z.number()]) });
  let seen: z.infer<typeof answer>;
  let errors = '';

  beforeAll(async () => {
    // DEBUG makes pythonia print every message: not into the script's own output
    const script = startScript('pytorchcv.ts', temporary, [], { DEBUG: '*' });
    seen = answer.parse(await answerOf(script));
    errors = (await script.ended).stderr;
  });

  it('is what the same calls build in Python, weights included', () => {
    const byHand = askPython(
      `import hashlib, torch
from pytorchcv.model_provider import get_model
torch.manual_seed(0)
net = get_model(given["name"])
net.output = torch.nn.Linear(net.output.in_features, 10, bias=False)
digest = hashlib.sha256()
for name, tensor in sorted(net.state_dict().items()):
    digest.update(name.encode() + tensor.numpy().tobytes())
answer = {"stateSha256": digest.hexdigest(), "parameters": sum(p.numel() for p in net.parameters())}`,
      { name: 'resnet20_cifar10' },
    );
    expect(seen.sessions[0]).toMatchObject(z.object({}).loose().parse(byHand));
  });

  it('is trained through ZeroMQ', () => {
    const { loss } = seen.sessions[0];
    expect(loss).toHaveLength(4);
    expect(new Set(loss).size).toBe(4);
    expect(loss.every((value) => value > 0.5 && value < 10)).toBe(true);
  });

  it('is built again with the same weights by the next session, in a Python of its own', () => {
    expect(seen.sessions[1]).toEqual(seen.sessions[0]);
    expect(seen.pids[1]).not.toBe(seen.pids[0]);
  });

  it('cannot be had by two sessions at once, nor beside another network', () => {
    expect(seen.sessions[0].second).toContain('UsageError: a worker with a model factory runs already');
    expect(seen.sessions[0].other).toBe('UsageError');
  });

  it('leaves no process and no directory when the script ends by itself', () => {
    expect(seen.pids.filter(isRunning)).toEqual([]);
    expect(workerDirectories(temporary)).toEqual([]);
  });

  it("prints on standard error, so that the script's output is its own", () => {
    expect(errors.match(/Python prints this/g)).toHaveLength(2);
  });
});

describe('a network of a file of the user', () => {
  it('is the very object that is trained by run', async () => {
    const script = startScript('own-file.ts', temporary, [path.join(temporary, 'run')]);
    const { id } = z.object({ id: z.number() }).parse(await answerOf(script));
    expect(await answerOf(script)).toEqual({ id, model: 'handed', parameters: 13 * 8 + 8 + 8 * 3 + 3, steps: 40 });
    expect((await script.ended).stderr).toContain(`forward of ${id}\n`);
  });
});
