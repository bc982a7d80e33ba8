import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Feed } from '../polled-source';
import { beginEvents } from './responses';

const BEAT_MS = 15_000;

/**
 * Send a feed's states to a browser as they come. Each is whole, so a reader that is slow skips some, and one that comes
 * back after a break (it says which state it had last) gets what it has missed with the next.
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
