/** Told what comes, and how the connection is. */
export interface Listener<T> {
  /** @returns whether nothing more is to come */
  readonly onState: (state: T) => boolean;
  readonly onConnection: (words: string) => void;
}

/**
 * Listen to a stream of states, each of them whole. The browser connects again by itself, and says which state it had.
 * What comes is this server's own, made by the same version of dsptt.
 */
export function listen<T>(address: string, { onState, onConnection }: Listener<T>): void {
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
    onConnection(isOver ? '' : 'The display has ended; `dsptt watch` shows the run again.');
  });
  source.addEventListener('error', () => {
    const hasGivenUp = source.readyState === EventSource.CLOSED;
    onConnection(
      hasGivenUp ? 'The connection is lost: load this page again.' : 'The connection is lost; trying again ...',
    );
  });
}
