import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { REGISTER, ROOT } from '../builders';
import { CommandLine } from '../cli/dsptt';
import { runPython } from '../python';
import { argumentsOf, blocksOf, linesOf } from './blocks';

const blocks = blocksOf('docs/your-own.md');
const [mine] = blocks.filter(({ language }) => language === 'python');
const [settings] = blocks.filter(({ language }) => language === 'yaml');
const [script] = blocks.filter(({ language }) => language === 'ts');
const commands = blocks.filter(({ language }) => language === 'sh').flatMap(linesOf);

/** The training that the page supposes: plain PyTorch, the page's normalisation, and a checkpoint as tutorials write it. */
const TRAINING = `
import json, sys
sys.path.insert(0, ".")
import numpy as np
import torch
from mine import defineDataset, defineModel
torch.manual_seed(0)
torch.set_num_threads(1)
data, net = defineDataset(), defineModel(10)
normalised = lambda images: (images / 255 - 0.3) / 0.35
images, labels = data["train"]
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
for epoch in range(8):
    for batch in torch.randperm(len(images)).split(64):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(normalised(images[batch])), labels[batch]).backward()
        optimizer.step()
net.eval()
images, labels = data["test"]
wrong = (net(normalised(images)).argmax(1) != labels).double().mean().item()
torch.save({"epoch": 8, "model_state_dict": net.state_dict(), "optimizer": optimizer.state_dict()}, "trained.pth")
np.save("new.npy", images[:20].numpy())
print(json.dumps({"errorPct": 100 * wrong, "pixels": images[:20].flatten().tolist()}))`;
const trainedSchema = z.strictObject({ errorPct: z.number(), pixels: z.array(z.number()) });

describe('the page about a network of your own', () => {
  const cli = new CommandLine();
  const result = () => JSON.parse(cli.read('runs/mine/result.json'));
  let trained: z.infer<typeof trainedSchema>;

  beforeAll(() => {
    cli.write('mine.py', mine.text);
    cli.write('own.yaml', settings.text);
    trained = trainedSchema.parse(
      runPython(['-c', `import os\nos.chdir(${JSON.stringify(cli.directory)})\n${TRAINING}`]),
    );
  });

  it('has commands that work one after the other, and tier 0 is the network that was trained', async () => {
    const lines = commands.map((line) => (argumentsOf(line) ?? '').split(' '));
    const [run, ...others] = lines;
    const ended = await cli.runInOneProcess([[...run, '--quiet', '--threads', '1'], ...others]);
    expect(ended.map(({ code, stderr }) => [code, code === 0 ? '' : stderr])).toEqual(lines.map(() => [0, '']));
    const { members, network } = result();
    expect(members[0]).toMatchObject({ name: 'tier0', state: 'given' });
    expect(members[0].testErrorPct).toBeCloseTo(trained.errorPct, 9);
    expect(Object.keys(network.code)).toEqual(['mine.py']);
    expect(members.length).toBeGreaterThanOrEqual(5);
    expect(cli.read('answers.csv').trim().split('\n')).toHaveLength(21);
  }, 600_000);

  it('has a server that answers with the names of classes', async () => {
    const source = script.text
      .replace("'dsptt'", JSON.stringify(path.join(ROOT, 'src')))
      .replace('serve(8080);', "serve(0).then((it) => it.on('listening', () => console.log(it.address().port)));");
    const server = spawn(process.execPath, ['-r', REGISTER, cli.write('page.ts', source)], { cwd: cli.directory });
    try {
      const [port] = await once(createInterface(server.stdout), 'line');
      const body = Uint8Array.from(trained.pixels);
      const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body });
      const names: unknown = await answer.json();
      const rows = cli.read('answers.csv').trim().split('\n').slice(1);
      expect(names).toEqual(rows.map((row) => row.split(',')[1]));
    } finally {
      server.kill();
      await once(server, 'exit');
    }
  });
});
