import type { ServerResponse } from 'node:http';

/** Allows only scripts, styles, pictures and connections of this server; nothing inline, no eval, no framing. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer, refusals included. */
const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

export type ContentType = 'text/plain' | 'text/html' | 'text/css' | 'text/javascript' | 'image/svg+xml';

/** Complete text that answers a request. */
export interface TextAnswer {
  readonly status: number;
  readonly type: ContentType;
  readonly text: string;
  /** Content security policy of a page with another one than the server's. */
  readonly policy?: string;
}

/** Answers with a complete text. */
export function answer(response: ServerResponse, { status, type, text, policy = POLICY }: TextAnswer): void {
  const headers = { ...HEADERS, 'content-security-policy': policy, 'content-type': `${type}; charset=utf-8` };
  response.writeHead(status, headers);
  response.end(text);
}

/** Redirects the browser to another path of this server. */
export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { ...HEADERS, location });
  response.end();
}

/** Begins a stream of server-sent events, which lasts until the reader disconnects. */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  response.write('retry: 1000\n\n');
}
