import { Dealer, type Observer } from 'zeromq';
import { hasCode } from '../../errors';

export type DealerOptions = NonNullable<ConstructorParameters<typeof Dealer>[0]>;

const TRIES = 20;

/**
 * Creates a socket with an observer that records its events from now on. libzmq derives the monitor endpoint from the
 * socket's memory address and releases it later than the memory: a new socket may collide with one just closed
 * (EADDRINUSE). The creation is then retried, up to TRIES times.
 */
export function monitored(options: DealerOptions): { readonly socket: Dealer; readonly events: Observer } {
  const unlucky: Dealer[] = []; // kept open so that each retry gets a different address
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
