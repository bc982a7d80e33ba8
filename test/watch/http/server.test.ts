import { createServer } from 'node:http';
import path from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../../src/errors';
import { ViewServer } from '../../../src/watch/http/server';
import { runsAt, singleRun } from '../../../src/watch/run-folder';
import { failureOf } from '../../builders';
import { keptRun } from '../../journals/kept';
import { ask, Events, serving } from '../requests';

const FOLDER = keptRun('0.1.0');
const view = z.object({ state: z.string(), isComplete: z.boolean(), stoppable: z.number().nullable() });

describe('the server of the live view', () => {
  let server: ViewServer;
  let root: string;
  let token: string;
  const run = () => `${root}/run/dsp-tt/`;

  beforeAll(async () => {
    server = await serving(runsAt(FOLDER));
    root = new URL(server.url).pathname.replace(/\/$/, '');
    token = root.slice(1);
  });

  it('listens at 127.0.0.1 alone, behind a token that nobody guesses', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
  });

  it.each([
    ['the list', (at: string) => `${at}/`],
    ['a run', (at: string) => `${at}/run/dsp-tt/`],
    ['its events', (at: string) => `${at}/run/dsp-tt/events`],
    ['the style', (at: string) => `${at}/assets/page.css`],
  ])('shows %s to nobody without the token', async (_, at) => {
    const wrong = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const said of ['', '/', `/${wrong}`, `/${token}x`, `/${token.slice(1)}`, '/%00']) {
      expect(await ask(server.url, at(said))).toMatchObject({ status: 403 });
    }
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'localhost.evil.example', '[::1]'])(
    'shows nothing to a page that calls it %p',
    async (host) => {
      expect(await ask(server.url, `${root}/`, { headers: { host } })).toMatchObject({ status: 403 });
    },
  );

  it.each(['127.0.0.1', 'localhost', 'localhost:9000'])(
    'answers to %s, also through a forwarded port',
    async (host) => {
      expect(await ask(server.url, `${root}/`, { headers: { host } })).toMatchObject({ status: 200 });
    },
  );

  it('says on every answer what a browser may do with it', async () => {
    const paths = ['/', '/nothing', `${root}/`, run(), `${root}/assets/main.js`, `${root}/none`];
    for (const { headers } of await Promise.all(paths.map((at) => ask(server.url, at)))) {
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
      expect(headers['content-security-policy']).not.toMatch(/unsafe|http|\*/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('makes the report on a run when asked for it, which may use its own style and nothing else', async () => {
    const { status, headers, text } = await ask(server.url, `${run()}report`);
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/html; charset=utf-8' });
    expect(text).toContain('<h1>DSP-TT on wine with mlp</h1>');
    const stated = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1].replaceAll('&#39;', "'");
    expect(headers['content-security-policy']).toBe(`${stated}; frame-ancestors 'none'`);
  });

  it('says why there is no report', async () => {
    const nothing = await serving(singleRun(path.join(FOLDER, 'none')));
    const { pathname } = new URL(nothing.url);
    expect(await ask(nothing.url, `${pathname}report`)).toMatchObject({
      status: 500,
      text: expect.stringContaining('is no run directory'),
    });
  });

  it.each(['HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('does not serve %s', async (method) => {
    expect(await ask(server.url, `${root}/`, { method })).toMatchObject({ status: 405 });
  });

  it.each([
    ['no token beside that in the address', {}],
    ['another token', { 'x-dsptt-token': 'x'.repeat(32) }],
  ])('changes nothing for a POST with %s', async (_, headers) => {
    expect(await ask(server.url, `${run()}stop`, { method: 'POST', headers })).toMatchObject({ status: 403 });
  });

  it('changes nothing for a POST from a page of another site', async () => {
    const headers = { 'x-dsptt-token': token, origin: 'http://evil.example' };
    expect(await ask(server.url, `${run()}stop`, { method: 'POST', headers })).toMatchObject({ status: 403 });
  });

  it('stops nothing that nobody goes on with', async () => {
    const asked = { method: 'POST', headers: { 'x-dsptt-token': token } };
    expect(await ask(server.url, `${run()}stop`, asked)).toMatchObject({ status: 409, text: /nothing to stop/ });
    expect(await ask(server.url, `${root}/`, asked)).toMatchObject({ status: 404 });
  });

  it.each([
    '/../package.json',
    '/run/../../../../etc/passwd/',
    '/run/..%2F..%2F..%2Fetc/',
    '/run/dsp-tt%00/',
    '/run/%/',
    '/run/dsp-tt/../fge/config.json',
    '/assets/../server.ts',
    '/assets/..%2Fserver.js',
    '/assets/tsconfig.json',
  ])('has nothing but what it lists: %s', async (at) => {
    expect(await ask(server.url, `${root}${at}`)).toMatchObject({ status: 404 });
  });

  it('sends the scripts and styles that its pages name', async () => {
    const { text } = await ask(server.url, run());
    const named = [...text.matchAll(/(?:href|src)="([^"]*assets[^"]*)"/g)].map(([, at]) => at);
    expect(named).toHaveLength(3);
    for (const at of named) expect(await ask(server.url, at)).toMatchObject({ status: 200 });
  });

  it('tells a browser that comes back nothing that it has already', async () => {
    const first = await Events.open(new URL(run(), server.url).href);
    const states = await first.until(view, ({ isComplete }) => isComplete);
    expect(states.at(-1)).toEqual({ state: 'finished', isComplete: true, stoppable: null });
    first.close();
    const behind = await Events.open(new URL(run(), server.url).href, { 'last-event-id': '0' });
    await behind.until(view, ({ isComplete }) => isComplete);
    expect(behind.ids).toEqual([first.ids.at(-1)]);
    behind.close();
  });

  it('says that a port is in use, and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const port = z.object({ port: z.int() }).parse(other.address()).port;
    const error = await failureOf(ViewServer.start(runsAt(FOLDER), port));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toBe(`port ${port} is in use: name another one, or none, and a free one is taken`);
    other.close();
  });

  it('tells its viewers the last state before it ends', async () => {
    const ending = await serving(runsAt(keptRun(path.join('0.1.0', 'fge'))));
    const events = await Events.open(ending.url);
    await ending.finish(10_000);
    await events.ended;
    expect((await events.until(view, ({ isComplete }) => isComplete)).at(-1)).toMatchObject({ state: 'finished' });
    await expect(ask(ending.url, '/')).rejects.toThrow(/ECONNREFUSED/);
  });
});
