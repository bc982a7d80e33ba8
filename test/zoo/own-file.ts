/** Trains a network of a Python file of one's own with one call of `run`, into the directory given. Prints JSON. */
import path from 'node:path';
import { run } from '../../src';

async function main(out: string): Promise<void> {
  let id: unknown;
  const result = await run(
    { preset: 'wine', method: 'single', budget: { steps: 40 }, threads: 1 },
    {
      out,
      model: async (python) => {
        const own = await python.file(path.relative(process.cwd(), path.join(__dirname, 'perceptron.py')));
        const net = await own.call('Perceptron', [13, 3]);
        await net.call('layers.0.bias.data.fill_', [0.25]);
        id = await (await (await python('builtins')).call('id', [net])).value();
        return net;
      },
    },
  );
  console.log(JSON.stringify({ id, model: result.model, parameters: result.parameters, steps: result.budget.steps }));
}

void main(process.argv[2]);
