import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Reason why a request is not served. */
export interface Refusal {
  readonly status: 403 | 405;
  readonly text: string;
}

/** Header that must repeat the token in a POST: pages of other sites cannot set it. */
export const TOKEN_HEADER = 'x-dsptt-token';

/** Returns a random secret of 24 bytes for a server's addresses, in base64url. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/**
 * Admits a request if its address contains the token and its Host header is this server's own name. The latter stops
 * pages of other sites whose name was pointed at 127.0.0.1 (DNS rebinding): they send that name as host.
 * @returns the path behind the token, or the refusal
 */
export function admit({ method, url = '/', headers }: IncomingMessage, token: string): string | Refusal {
  if (!isOwnHost(headers.host)) return { status: 403, text: 'This server answers at 127.0.0.1 alone.' };
  const [, said = '', path = ''] = /^\/([^/?#]*)([^?#]*)/.exec(url) ?? [];
  if (!isToken(said, token)) {
    return { status: 403, text: 'The address needs the token that `dsptt` printed: copy the whole address.' };
  }
  if (method === 'GET') return path;
  if (method !== 'POST') return { status: 405, text: `${method} is not served here.` };
  return mayChange(headers, token) ? path : { status: 403, text: `A POST needs the token in ${TOKEN_HEADER}.` };
}

function isOwnHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? ''); // any port, as ssh may forward another one
}

function mayChange({ origin, host, [TOKEN_HEADER]: said }: IncomingHttpHeaders, token: string): boolean {
  const isOwn = origin === undefined || origin === `http://${host}`;
  return isOwn && typeof said === 'string' && isToken(said, token);
}

/** Compares hashes of equal length in constant time, so that the duration reveals nothing about the token. */
function isToken(said: string, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(said), hash(token));
}
