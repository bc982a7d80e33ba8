import { LocalLauncher } from '../../src/bridge/workers/local-launcher';
import { Worker } from '../../src/bridge/workers/worker';
import { LinkClient, type LoadClient, RawClient } from './load-client';
import type { FaultOptions } from './options';
import { MemoryWatch, ownMiB, residentMiB } from './processes';
import { OPEN } from './samples';

const CLIENTS = 8;
const CONCURRENT = 1000; // pending requests of each client at any time
const MAX_GROWN_MIB = 64;
const LOOK_EVERY_MS = 1000;

/** Result of a load. */
export interface Loaded {
  readonly asked: number;
  /** Number of answers that belonged to their requests. */
  readonly right: number;
  /** Number of answers that matched no request, or came a second time. */
  readonly surplus: number;
  readonly seconds: number;
  readonly workerGrownMiB: number;
  readonly clientGrownMiB: number;
}

/** Sends small requests for a minute (`rounds` seconds), 1,000 at a time from each of eight clients, to one worker. */
export async function run({ rounds = 60 }: FaultOptions): Promise<boolean> {
  const { asked, right, surplus, seconds, workerGrownMiB, clientGrownMiB } = await loadWorker(1000 * rounds);
  console.log(
    `${asked} requests of ${CLIENTS} clients in ${seconds.toFixed(1)} s (${Math.round(asked / seconds)} a second): ` +
      `${right} answered with their own answer, ${surplus} answers too many; memory grew by ` +
      `${workerGrownMiB.toFixed(1)} MiB (worker) and ${clientGrownMiB.toFixed(1)} MiB (clients)`,
  );
  return right === asked && surplus === 0 && Math.max(workerGrownMiB, clientGrownMiB) <= MAX_GROWN_MIB;
}

/** Sends requests for `milliseconds`, `concurrent` at a time from each client; then waits for every pending request. */
export async function loadWorker(milliseconds: number, concurrent = CONCURRENT): Promise<Loaded> {
  const handle = await new LocalLauncher().start();
  const worker = await Worker.start({ start: async () => handle });
  await worker.request('open', OPEN);
  await worker.request('newPoint', { point: 'a', stream: 'init' });
  const clients: LoadClient[] = [];
  const memory = { worker: new MemoryWatch(), clients: new MemoryWatch() };
  const look = () => {
    memory.worker.look(residentMiB(worker.hello.pid));
    memory.clients.look(ownMiB());
  };
  const looking = setInterval(look, LOOK_EVERY_MS);
  try {
    for (let k = 0; k < CLIENTS; k += 1) {
      clients.push(
        await (k % 2 === 0 ? LinkClient.connect(handle.work, handle.control) : RawClient.connect(handle.work)),
      );
    }
    const began = performance.now();
    const counts = await Promise.all(
      clients.map((client, k) => keepAsking(client, `c${k}`, began + milliseconds, concurrent)),
    );
    const seconds = (performance.now() - began) / 1000;
    look();
    return {
      asked: counts.reduce((sum, { asked }) => sum + asked, 0),
      right: counts.reduce((sum, { right }) => sum + right, 0),
      surplus: clients.reduce((sum, { surplus }) => sum + surplus, 0),
      seconds,
      workerGrownMiB: memory.worker.grownMiB,
      clientGrownMiB: memory.clients.grownMiB,
    };
  } finally {
    clearInterval(looking);
    for (const client of clients) client.close();
    await worker.close();
  }
}

/** Keeps `concurrent` requests pending until it is time to end. */
async function keepAsking(
  client: LoadClient,
  prefix: string,
  end: number,
  concurrent: number,
): Promise<{ asked: number; right: number }> {
  let [asked, right] = [0, 0];
  const asking = async () => {
    do {
      asked += 1;
      if (await client.ask(`${prefix}-${asked}`)) right += 1;
    } while (performance.now() < end);
  };
  await Promise.all(Array.from({ length: concurrent }, asking));
  return { asked, right };
}
