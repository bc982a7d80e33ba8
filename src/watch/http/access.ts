import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Why a request is not served. */
export interface Refusal {
  readonly status: 403 | 405;
  readonly text: string;
}

/** The header in which a request that changes something says the token once more: no other site's page can set it. */
export const TOKEN_HEADER = 'x-dsptt-token';

/** A secret that nobody guesses, for a server's addresses. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/**
 * Who may enter: who says the token in the address, and speaks to this server under its own name. A page of another site
 * whose name was pointed at 127.0.0.1 (DNS rebinding) sends that name as host.
 * @returns the path behind the token, or why there is none
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
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? ''); // any port: it may be forwarded through ssh
}

function mayChange({ origin, host, [TOKEN_HEADER]: said }: IncomingHttpHeaders, token: string): boolean {
  const isOwn = origin === undefined || origin === `http://${host}`;
  return isOwn && typeof said === 'string' && isToken(said, token);
}

/** How long this takes tells nothing about the token: hashes of equal length are compared whole. */
function isToken(said: string, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(said), hash(token));
}
