import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Feed } from '../polled-source';
import { beginEvents } from './responses';

const BEAT_MS = 15_000;

/**
 * Sends a feed's states to a browser as they come. Each state is full, so a slow reader skips some, and a reader that
 * reconnects with the version of its last state only needs the next one.
 */
export function streamEvents(request: IncomingMessage, response: ServerResponse, feed: Feed): void {
  beginEvents(response);
  let sent = Number(request.headers['last-event-id'] ?? 0);
  const send = () => {
    const { latest } = feed;
    if (latest === null || latest.version === sent || response.writableNeedDrain) return;
    sent = latest.version;
    response.write(`id: ${latest.version}\ndata: ${latest.json}\n\n`);
  };
  const unsubscribe = feed.subscribe(send);
  response.on('drain', send);
  const beat = setInterval(() => response.writableNeedDrain || response.write(': beat\n\n'), BEAT_MS);
  response.on('close', () => {
    clearInterval(beat);
    unsubscribe();
  });
  send();
}
