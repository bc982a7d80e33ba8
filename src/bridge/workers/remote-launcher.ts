import { randomBytes } from 'node:crypto';
import { UsageError } from '../../errors';
import { shakeHands } from '../wire/handshake';
import { readClientKeys } from '../wire/key-files';
import type { Launcher, RemoteAccess, WorkerExit, WorkerHandle } from './launcher';

/** Address of a running worker on another machine, and the client's keys. */
export interface RemoteWorkerOptions {
  /** `tcp://HOST:PORT`, the worker's `--listen`. */
  readonly address: string;
  /** A client's directory of keys, created by `dsptt keys` and readable by this user only. */
  readonly keys: string;
  /** Time that the worker has to accept the connection, in ms. Default 20,000. */
  readonly connectMs?: number | undefined;
}

const ADDRESS = /^tcp:\/\/([\w.-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/;
const LARGEST_PORT = 65_535;

/** Connects to a worker that was started by hand: `python -m dsptt_worker --listen tcp://HOST:PORT --keys DIR`. */
export class RemoteLauncher implements Launcher {
  readonly #work: string;
  readonly #control: string;
  readonly #options: RemoteWorkerOptions;
  readonly #client = randomBytes(8).toString('hex');

  /** @throws UsageError when the address is invalid */
  constructor(options: RemoteWorkerOptions) {
    const [, host, port] = ADDRESS.exec(options.address) ?? [];
    if (host === undefined || Number(port) < 1 || Number(port) >= LARGEST_PORT) {
      throw new UsageError(
        `--worker must be tcp://HOST:PORT with a port of 1 to ${LARGEST_PORT - 1} (control has the next one), ` +
          `got '${options.address}'`,
      );
    }
    this.#options = options;
    this.#work = `tcp://${host}:${Number(port)}`;
    this.#control = `tcp://${host}:${Number(port) + 1}`;
  }

  /**
   * Connects to both sockets of the worker.
   * @throws UsageError when the keys cannot be used or are wrong; WorkerError when nothing answers
   */
  async start(): Promise<WorkerHandle> {
    const { keys: directory, connectMs = 20_000 } = this.#options;
    const keys = await readClientKeys(directory);
    await Promise.all([this.#work, this.#control].map((address) => shakeHands(address, keys, connectMs)));
    return new RemoteWorker(this.#work, this.#control, { keys, client: this.#client });
  }
}

/** A worker on another machine. It also serves later sessions, so that `stop` does not end it. */
class RemoteWorker implements WorkerHandle {
  readonly work: string;
  readonly control: string;
  readonly remote: RemoteAccess;
  readonly description: string;
  readonly isShared = true;
  /** Never resolves: processes of another machine cannot be observed. Missing beats reveal a lost worker. */
  readonly exited = new Promise<WorkerExit>(() => {});

  constructor(work: string, control: string, remote: RemoteAccess) {
    this.work = work;
    this.control = control;
    this.remote = remote;
    this.description = `at ${work}`;
  }

  async stop(): Promise<void> {}
}
