/**
 * A program whose worker is lost after a second of silence, for a test that stops it for longer: prints `ready`, and once
 * it has read something, whether its worker still answers.
 */

import { PROTOCOL_VERSION } from '../../src/bridge/wire/protocol';
import { LocalLauncher } from '../../src/bridge/workers/local-launcher';
import { Worker } from '../../src/bridge/workers/worker';

async function own(): Promise<void> {
  const worker = await Worker.start(new LocalLauncher(), { beatMs: 20, lostMs: 1000, stallMs: 1000 });
  console.log('ready');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  await new Promise((resolve) => setTimeout(resolve, 200)); // several beats
  await worker.request('hello', { protocol: PROTOCOL_VERSION });
  console.log('the worker answers');
  await worker.close();
}

void own();
