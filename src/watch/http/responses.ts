import type { ServerResponse } from 'node:http';

/** No script, style, picture or connection but this server's own, nothing inline, no eval, in no other page's frame. */
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

/** On every answer, refusals included. */
const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

export type ContentType = 'text/plain' | 'text/html' | 'text/css' | 'text/javascript' | 'image/svg+xml';

/** Answer with a text, whole. */
export function answer(response: ServerResponse, status: number, type: ContentType, text: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` });
  response.end(text);
}

/** Send the browser to another path of this server. */
export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { ...HEADERS, location });
  response.end();
}

/** Begin a stream of server-sent events, which goes on until its reader leaves. */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  response.write('retry: 1000\n\n');
}
