/**
 * Records the runs whose journals every later version must be able to take up: `npx ts-node -T scripts/faults/record-journal.ts`
 * makes test/journals/VERSION/NAME, which must not exist, and is run once for a version (test/journals/README.md).
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveConfig } from '../../src/config/resolve';
import type { Config, ConfigInput } from '../../src/config/schema';
import { InterruptedError } from '../../src/errors';
import { type RunEvent, Session } from '../../src/experiment/session';
import { VERSION } from '../../src/version';

const JOURNALS = join(__dirname, '..', '..', 'test', 'journals');

const WINE = { preset: 'wine', device: 'cpu' } as const;

/** Small runs that together give every command that a method may give. */
const RUNS: Readonly<Record<string, ConfigInput>> = {
  'dsp-tt': {
    ...WINE,
    budget: { steps: 120 },
    dspTt: {
      tiers: [2],
      rho1: { increment: 0.1 },
      detector: { buffer: 3, decay: 0.7, minRise: 0.05, startBatches: 3 },
      decideEvery: 5,
    },
  },
  fge: { ...WINE, method: 'fge', budget: { steps: 60 } },
  swa: { ...WINE, method: 'swa', budget: { steps: 60 } },
};

async function main(): Promise<void> {
  const session = await Session.start();
  try {
    for (const [name, values] of Object.entries(RUNS)) {
      const out = join(JOURNALS, VERSION, name);
      const config = resolveConfig([{ from: name, values }]);
      await interrupted(session, config, out);
      const { members } = await session.run(config, { out, resume: true });
      for (const folder of ['outputs', 'traces']) await rm(join(out, folder), { recursive: true });
      console.log(`${out}: ${members.length} members`);
    }
  } finally {
    await session.close();
  }
}

/** The first half of a run: its journal is then of two processes. */
async function interrupted(session: Session, config: Config, out: string): Promise<void> {
  const interrupt = new AbortController();
  let phases = 0;
  const onEvent = (event: RunEvent) => {
    if (event.type === 'phase') phases += 1;
    if (phases === 2) interrupt.abort();
  };
  await session.run(config, { out, onEvent, signal: interrupt.signal }).catch((error) => {
    if (!(error instanceof InterruptedError)) throw error;
  });
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
