import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { UsageError } from '../../errors';
import type { RunFolder } from '../run-folder';
import { WatchedRuns } from '../watched-runs';
import { admit, newToken } from './access';
import { streamEvents } from './event-stream';
import { answer, redirect } from './responses';
import { Routes } from './routes';

const HOST = '127.0.0.1';
/** Limit far above the number of connections that one user's browser opens. */
const MOST_CONNECTIONS = 64;

/** Last event of a stream: tells the browser not to reconnect. */
const GOODBYE = 'event: end\ndata:\n\n';

/** Routes of a server and its open event streams. */
interface Served {
  readonly routes: Routes;
  readonly streams: Set<ServerResponse>;
}

/** Shows runs to browsers on this machine that know its token. */
export class ViewServer {
  /** Address to open in a browser, token included. */
  readonly url: string;
  readonly #server: Server;
  readonly #runs: WatchedRuns;
  readonly #streams: ReadonlySet<ServerResponse>;

  private constructor(url: string, server: Server, runs: WatchedRuns, streams: ReadonlySet<ServerResponse>) {
    this.url = url;
    this.#server = server;
    this.#runs = runs;
    this.#streams = streams;
  }

  /**
   * Starts to listen at 127.0.0.1. @param port 0 selects a free port
   * @throws UsageError if the port is in use or not permitted
   */
  static async start(folder: RunFolder, port = 0): Promise<ViewServer> {
    const runs = new WatchedRuns(folder);
    const token = newToken();
    const streams = new Set<ServerResponse>();
    const served = { routes: new Routes(folder, runs, `/${token}`), streams };
    const server = createServer((request, response) => void serve(request, response, token, served));
    server.maxConnections = MOST_CONNECTIONS;
    const bound = await listening(server, port);
    const run = folder.only === null ? '' : `run/${encodeURIComponent(folder.only)}/`;
    return new ViewServer(`http://${HOST}:${bound}/${token}/${run}`, server, runs, streams);
  }

  /** Closes the server after its run has ended. Viewers get the last state first, within `graceMs`. */
  async finish(graceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([this.#sayGoodbye(), late]);
    clearTimeout(timer);
    await this.close();
  }

  /** Closes the server at once. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
    await this.#runs.close();
  }

  async #sayGoodbye(): Promise<void> {
    await this.#runs.finish();
    const last = (stream: ServerResponse) => new Promise<void>((resolve) => stream.end(GOODBYE, resolve));
    await Promise.all([...this.#streams].map(last));
  }
}

/** Serves a request. Every error becomes an answer: the process may be the run's own and must not end. */
async function serve(request: IncomingMessage, response: ServerResponse, token: string, served: Served): Promise<void> {
  const { routes, streams } = served;
  request.resume(); // no request needs its body
  const path = admit(request, token);
  if (typeof path !== 'string') {
    answer(response, { ...path, type: 'text/plain' });
    return;
  }
  try {
    const reply = request.method === 'POST' ? routes.post(path) : await routes.get(path);
    if (reply.kind === 'text') answer(response, reply);
    if (reply.kind === 'redirect') redirect(response, reply.location);
    if (reply.kind !== 'events') return;
    streams.add(response);
    response.on('close', () => streams.delete(response));
    streamEvents(request, response, reply.feed);
  } catch (error) {
    answer(response, { status: 500, type: 'text/plain', text: error instanceof Error ? error.message : String(error) });
  }
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(port, cause)));
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function cannotListen(port: number, cause: NodeJS.ErrnoException): UsageError {
  if (cause.code === 'EADDRINUSE') {
    return new UsageError(`port ${port} is in use: name another one, or none, and a free one is taken`, { cause });
  }
  return new UsageError(`cannot listen at ${HOST}:${port} (${cause.message}): name another port`, { cause });
}
