/** Makes the acceptance pack for a CUDA machine that has Python and torch, but no network and no Node: docs/gpu.md. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DspttError, UsageError } from '../../src/errors';
import { writeArchive } from './packing/archive';
import { addCifar } from './packing/cifar';
import { addManifest } from './packing/manifest';
import { addNode } from './packing/node';
import { addPackage } from './packing/package';
import type { Place } from './packing/place';
import { addAcceptance, addBenches, addWorker } from './packing/scripts';
import { addWheels } from './packing/wheels';

const USAGE = 'scripts/gpu/pack [OUT.tar.gz] [--cifar DIR-or-FILE] [--python 3.12]';

async function main(): Promise<void> {
  const { out, python, cifar } = flags();
  const temporary = mkdtempSync(join(tmpdir(), 'dsptt-pack-'));
  const root = resolve(__dirname, '..', '..');
  const place: Place = {
    root,
    stage: join(temporary, 'dsptt-gpu'),
    scratch: join(temporary, 'scratch'),
    python,
    cifar,
  };
  try {
    for (const folder of [place.stage, place.scratch, dirname(out)]) mkdirSync(folder, { recursive: true });
    await addCifar(place); // first: a wrong path shows at once
    await addWheels(place);
    await addPackage(place);
    await addBenches(place);
    await addWorker(place);
    await addAcceptance(place);
    await addNode(place);
    addManifest(place);
    const sizes = await writeArchive(place, out);
    console.log(`${sizes}\n${out}`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function flags(): { out: string; python: string; cifar: string | null } {
  try {
    const options = { cifar: { type: 'string' }, python: { type: 'string', default: '3.12' } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length > 1) throw new UsageError(`one archive is made, got ${positionals.join(', ')}`);
    const [out = 'dsptt-gpu.tar.gz'] = positionals;
    return {
      out: resolve(out),
      python: values.python,
      cifar: values.cifar === undefined ? null : resolve(values.cifar),
    };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}; use: ${USAGE}`);
  }
}

main().catch((error) => {
  if (!(error instanceof DspttError)) throw error; // a bug: keep its stack trace
  console.error(`${error.kind}: ${error.message}`);
  process.exitCode = error.exitCode;
});
