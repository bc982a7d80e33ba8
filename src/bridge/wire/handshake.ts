import type { EventType } from 'zeromq';
import { UsageError, WorkerError } from '../../errors';
import type { CurveKeys } from './key-files';
import { monitored } from './monitored-socket';

const RETRY_MS = 200;

/**
 * Waits until a worker on TCP accepts the connection. ZeroMQ itself would retry forever and report nothing.
 * @throws UsageError when one of the keys is wrong, immediately; WorkerError when nothing answers within `timeoutMs`
 */
export async function shakeHands(address: string, keys: CurveKeys, timeoutMs: number): Promise<void> {
  const { serverKey: curveServerKey, publicKey: curvePublicKey, secretKey: curveSecretKey } = keys;
  const curve = { curveServerKey, curvePublicKey, curveSecretKey };
  const options = { linger: 0, reconnectInterval: RETRY_MS, handshakeInterval: timeoutMs, ...curve };
  const { socket, events } = monitored(options);
  const timer = setTimeout(() => socket.close(), timeoutMs);
  let isReached = false;
  let outcome: 'in' | Error | undefined;
  socket.connect(address);
  for await (const { type } of events) {
    isReached ||= type === 'connect';
    const reason = refusal(type);
    if (reason !== undefined) outcome ??= new UsageError(`the worker at ${address} ${reason}`);
    if (type === 'handshake') outcome ??= 'in';
    if (outcome !== undefined && !socket.closed) socket.close(); // ends the event loop; `break` would leak the socket
  }
  clearTimeout(timer);
  if (outcome === 'in') return;
  if (outcome !== undefined) throw outcome;
  const what = isReached ? 'what listens there is no worker of dsptt' : 'nothing listens there';
  throw new WorkerError(
    `the worker at ${address} has not answered within ${timeoutMs} ms: ${what}; is it running, is the address right, ` +
      'and does a firewall let both of its ports through?',
  );
}

/** Returns the user's explanation of a failed handshake; undefined for other events. */
function refusal(event: EventType): string | undefined {
  if (event === 'handshake:error:auth') {
    return (
      "does not know this client's key: put the client's public.key into its directory of keys, as clients/NAME.key, " +
      'and restart it'
    );
  }
  if (event === 'handshake:error:protocol') return 'does not speak CURVE: another program listens there';
  if (event !== 'handshake:error:other') return undefined;
  return (
    "hung up on the first encrypted word: server.key in the client's directory is not that worker's public.key, or " +
    'another program listens there'
  );
}
