import fs from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../../src/errors';
import { predict } from '../../src/inference/predict';
import { Session } from '../../src/run/session/session';
import type { Result } from '../../src/store/result';
import { failureOf, temporaryDirectory, tinyConfig } from '../builders';

const NETWORKS = `
import torch
from torch import nn

class Net(nn.Linear):
    def __init__(self, way):
        super().__init__(13, 3)
        self.way, self.calls, self.by = way, 0, torch.randn(13)

    def forward(self, x):
        self.calls += self.training
        if self.way == 'writes':
            x *= 2
        elif self.way == 'features':
            x = x * self.by
        else:
            x = x * 2
        if self.way == 'fails' and self.calls > 40:
            raise ValueError('forty is enough')
        print('.', end='')
        return super().forward(x)

def defineModel(way):
    return Net(way)
`;

describe('a run with a network of the user', () => {
  const directory = temporaryDirectory();
  const file = path.join(directory, 'own.py');
  let session: Session;
  const out = (way: string) => path.join(directory, way);
  const ran = (way: string): Promise<Result> => {
    const own = { method: 'independent', independent: { members: 2, budgets: 2 }, budget: { steps: 60 } };
    const config = tinyConfig(own, { model: { name: null, python: file, args: { way } } });
    return session.run(config, { out: out(way) });
  };

  beforeAll(async () => {
    fs.writeFileSync(file, NETWORKS);
    session = await Session.start();
  });
  afterAll(() => session.close());

  it('gives the same numbers whether its forward writes into its inputs or not, and predicts while it prints', async () => {
    const [writing, other] = [await ran('writes'), await ran('multiplies')];
    const numbers = ({ members, ensembles }: Result) => ({ members, ensembles });
    expect(numbers(writing)).toEqual(numbers(other));
    const samples = path.join(directory, 'samples.csv');
    fs.writeFileSync(samples, `${Array.from({ length: 13 }, (_, k) => k).join()}\n`);
    const tables = ['writes', 'multiplies'].map(async (way) => {
      const table = path.join(directory, `${way}.csv`);
      const said = await predict(out(way), { inputs: [samples], out: table, trustCode: true });
      return { samples: said.samples, table: fs.readFileSync(table, 'utf8') };
    });
    const [first, second] = await Promise.all(tables);
    expect(first).toEqual(second);
    expect(first.samples).toBe(1);
  });

  it.each([
    ['features', /remembers more than its state_dict holds \(calls, by differ\)/],
    ['fails', /^the network fails on inputs of shape \[\d+, 13\]: ValueError: forty is enough$/],
  ])('ends with a ConfigError, and no advice to resume, where the network %s', async (way, message) => {
    const error = await failureOf(ran(way));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('resume');
  });
});
