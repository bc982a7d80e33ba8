import { LocalLauncher } from '../../src/bridge/workers/local-launcher';
import { Worker } from '../../src/bridge/workers/worker';
import type { Config, ConfigInput } from '../../src/config/schema';
import type { Descent } from '../../src/executor/executor';
import { TorchExecutor } from '../../src/executor/torch';
import { findMethod, type MethodContext } from '../../src/methods';
import type { MethodOutcome } from '../../src/methods/method';
import { tinyConfig } from '../builders';

/** A task open in a worker, with the training programs that it was sent. */
export interface Opened {
  readonly executor: TorchExecutor;
  readonly config: Config;
  readonly context: MethodContext;
  readonly descents: readonly Descent[];
  /** Copies that were made, and after how many steps in all. */
  readonly copies: readonly { readonly point: string; readonly steps: number }[];
}

/** A method that has run, and what there is to ask about it: its networks still lie in the executor. */
export interface Done extends Opened {
  readonly outcome: MethodOutcome;
}

/** One worker for the tests of a file, and methods that run on it without a run directory. */
export class WineTask {
  #worker: Worker | undefined;

  constructor() {
    beforeAll(async () => {
      this.#worker = await Worker.start(new LocalLauncher());
    });
    afterAll(() => this.#worker?.close());
  }

  /** Open wine, or what `values` say; what was open before is gone. */
  async open(values: ConfigInput): Promise<Opened> {
    if (this.#worker === undefined) throw new Error('tasks belong in tests');
    const config = tinyConfig(values);
    const executor = await TorchExecutor.open(this.#worker, config);
    const descents: Descent[] = [];
    const descendAll = executor.descendAll.bind(executor);
    executor.descendAll = (programs) => {
      descents.push(...programs);
      return descendAll(programs);
    };
    const copies: { point: string; steps: number }[] = [];
    const copyPoint = executor.copyPoint.bind(executor);
    executor.copyPoint = (point, source) => {
      copies.push({ point, steps: descents.reduce((sum, { lr }) => sum + lr.length, 0) });
      return copyPoint(point, source);
    };
    const steps = 'steps' in config.budget ? config.budget.steps : 0;
    return { executor, config, descents, copies, context: { executor, config, steps, tier0: null, report: () => {} } };
  }

  /** Run a method of 250 steps, 3 an epoch, unless `values` say otherwise. */
  async run(method: string, values: ConfigInput = {}): Promise<Done> {
    const opened = await this.open({ ...values, method });
    return { ...opened, outcome: await findMethod(method).run(opened.context) };
  }
}

/** The entries of a column of all traces whose names start so, one trace after the other. */
export function column({ outcome }: Done, traces: string, name: string): number[] {
  return outcome.traces.flatMap((trace) =>
    trace.name.startsWith(traces) ? Array.from(trace.columns[name] ?? [], Number) : [],
  );
}

/** The parameters of a point, read with a step of rate 0 on a copy. */
export async function parametersOf({ executor, config }: Opened, point: string): Promise<Float32Array> {
  const copy = `${point}-read`;
  await executor.copyPoint(copy, point);
  const program = { point: copy, stream: 'data/read', start: 0, lr: Float64Array.of(0), capture: [0] };
  const { captured } = await executor.descend({ ...program, solver: config.localSolver });
  await executor.drop({ points: [copy] });
  return captured[0];
}
