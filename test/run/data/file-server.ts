import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileServer {
  readonly url: string;
  /** The paths asked for, in order. */
  readonly requests: string[];
  readonly close: () => Promise<void>;
}

/** A real HTTP server on this machine that answers every request in the same way. */
export async function serve(answer: http.RequestListener): Promise<FileServer> {
  const requests: string[] = [];
  const server = http.createServer((request, response) => {
    requests.push(request.url ?? '');
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, requests, close };
}
