import { type IncomingMessage, request } from 'node:http';
import { ViewServer } from '../../src/watch/http/server';
import type { RunFolder } from '../../src/watch/run-folder';

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** Ask a server for something. Its path goes out as it is: no `..` is taken away before. */
export function ask(url: string, path: string, { method = 'GET', headers = {} }: Asked = {}): Promise<Answered> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asking = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asking.on('error', reject).end();
  });
}

/** A stream of states, as a browser gets them. */
export class Events {
  readonly #states: unknown[] = [];
  readonly ids: string[] = [];
  readonly #response: IncomingMessage;
  #text = '';
  #onState: () => void = () => {};
  /** Fulfilled once the server has said that it ends, and closed. */
  readonly ended: Promise<void>;

  private constructor(response: IncomingMessage) {
    this.#response = response;
    this.ended = new Promise((resolve) => response.once('close', () => resolve()));
    response.setEncoding('utf8').on('data', (part) => this.#take(part));
    response.on('error', () => {}); // the connection may be cut
  }

  static open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Events> {
    return new Promise((resolve, reject) => {
      request(new URL('events', url), { headers, agent: false }, (response) => resolve(new Events(response)))
        .on('error', reject)
        .end();
    });
  }

  /** What came until a state is so, that one last. */
  async until<T>(schema: { parse: (state: unknown) => T }, isSo: (state: T) => boolean): Promise<T[]> {
    for (;;) {
      const states = this.#states.map((state) => schema.parse(state));
      const at = states.findIndex(isSo);
      if (at >= 0) return states.slice(0, at + 1);
      await new Promise<void>((resolve) => {
        this.#onState = resolve;
      });
    }
  }

  close(): void {
    this.#response.destroy();
  }

  #take(part: string): void {
    this.#text += part;
    const messages = this.#text.split('\n\n');
    this.#text = messages.pop() ?? '';
    for (const message of messages) {
      const id = /^id: (.*)$/m.exec(message)?.[1];
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (id === undefined || data === undefined) continue;
      this.ids.push(id);
      this.#states.push(JSON.parse(data));
    }
    this.#onState();
  }
}

/** A server for a test; it is closed after the tests of this file at the latest. */
export async function serving(folder: RunFolder): Promise<ViewServer> {
  const server = await ViewServer.start(folder);
  servers.push(server);
  return server;
}

const servers: ViewServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.close();
});
