import { Dealer, type Observer } from 'zeromq';
import { hasCode } from '../../errors';

export type DealerOptions = NonNullable<ConstructorParameters<typeof Dealer>[0]>;

const TRIES = 20;

/**
 * A socket with its events, of which all are kept from here on. ZeroMQ names a socket's events by the socket's place in
 * memory, and gives the name back a moment after the place: a new socket can meet the name of one that was just closed.
 */
export function monitored(options: DealerOptions): { readonly socket: Dealer; readonly events: Observer } {
  const unlucky: Dealer[] = []; // open until there is a lucky one, so that each has another place
  try {
    for (;;) {
      const socket = new Dealer(options);
      try {
        return { socket, events: socket.events };
      } catch (error) {
        unlucky.push(socket);
        if (!hasCode(error, 'EADDRINUSE') || unlucky.length === TRIES) throw error;
      }
    }
  } finally {
    for (const socket of unlucky) socket.close();
  }
}
