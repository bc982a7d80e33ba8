/** Callbacks for new states and for the state of the connection. */
export interface Listener<T> {
  /** @returns true if no further state will follow */
  readonly onState: (state: T) => boolean;
  readonly onConnection: (words: string) => void;
}

/**
 * Listens to a stream of full states. The browser reconnects by itself and sends the version of the last state it had.
 * The states are not validated: they come from the server of the same version of dsptt that sent this script.
 * @returns a function that ends the stream
 */
export function listen<T>(address: string, { onState, onConnection }: Listener<T>): () => void {
  const source = new EventSource(address);
  let isOver = false;
  source.addEventListener('message', ({ data }) => {
    onConnection('');
    const state: T = JSON.parse(data);
    isOver = onState(state);
    if (isOver) source.close();
  });
  source.addEventListener('end', () => {
    source.close();
    onConnection(isOver ? '' : 'The display has ended; the command `watch` shows the run again.');
  });
  source.addEventListener('error', () => {
    const hasGivenUp = source.readyState === EventSource.CLOSED;
    onConnection(
      hasGivenUp ? 'The connection is lost: load this page again.' : 'The connection is lost; trying again ...',
    );
  });
  return () => source.close();
}
