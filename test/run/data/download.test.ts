import { createHash } from 'node:crypto';
import fs from 'node:fs';
import type http from 'node:http';
import path from 'node:path';
import { DataError, InterruptedError } from '../../../src/errors';
import type { Archive } from '../../../src/run/data/archives';
import { type DownloadProgress, fetchArchive } from '../../../src/run/data/download';
import { temporaryDirectory } from '../../builders';
import { type FileServer, serve } from './file-server';

const CONTENT = Buffer.alloc(300_000, 'colour images ');
const temporary = temporaryDirectory();
let into = '';
let servers: FileServer[] = [];

beforeEach(() => {
  into = fs.mkdtempSync(path.join(temporary, 'data-'));
});
afterEach(async () => {
  for (const server of servers) await server.close();
  servers = [];
});

async function archiveOn(answer: http.RequestListener): Promise<Archive> {
  const server = await serve(answer);
  servers.push(server);
  return {
    url: `${server.url}/a.tar.gz`,
    file: 'a.tar.gz',
    unpacked: 'a',
    bytes: CONTENT.length,
    md5: createHash('md5').update(CONTENT).digest('hex'),
  };
}

const whole: http.RequestListener = (_request, response) => response.end(CONTENT);

describe('a download', () => {
  it('puts the file into a folder that it makes, and says how far it is until all is there', async () => {
    const seen: DownloadProgress[] = [];
    const folder = path.join(into, 'new', 'folder');
    const archive = await archiveOn(whole);
    const file = await fetchArchive({ archive, into: folder, onProgress: (progress) => seen.push(progress) });
    expect(file).toBe(path.join(folder, 'a.tar.gz'));
    expect(fs.readFileSync(file).equals(CONTENT)).toBe(true);
    expect(fs.readdirSync(folder)).toEqual(['a.tar.gz']);
    expect(seen.at(-1)).toEqual({ file: 'a.tar.gz', received: CONTENT.length, bytes: CONTENT.length });
    const received = seen.map((progress) => progress.received);
    expect(received).toEqual([...received].sort((a, b) => a - b));
  });

  it('is made twice at once without the two disturbing each other', async () => {
    const archive = await archiveOn(whole);
    await Promise.all([fetchArchive({ archive, into }), fetchArchive({ archive, into })]);
    expect(fs.readFileSync(path.join(into, 'a.tar.gz')).equals(CONTENT)).toBe(true);
    expect(fs.readdirSync(into)).toEqual(['a.tar.gz']);
  });

  const failures: [string, http.RequestListener, RegExp][] = [
    [
      'a missing file',
      (_request, response) => response.writeHead(404).end('no such page'),
      /cannot download http:.*a\.tar\.gz: the server answers 404 Not Found; .*--data-dir/,
    ],
    [
      'a failing server',
      (_request, response) => response.writeHead(503).end(),
      /the server answers 503 Service Unavailable/,
    ],
    [
      'a file that ends too soon',
      (_request, response) => response.end(CONTENT.subarray(0, 1000)),
      /expected 300000 bytes with md5 [0-9a-f]{32}, got 1000 bytes; what was received is removed; .*--data-dir/,
    ],
    [
      'a file that does not end',
      (_request, response) => {
        response.write(CONTENT);
        response.write('and more');
      },
      /got more than 300000 bytes/,
    ],
    [
      'an altered file',
      (_request, response) => response.end(Buffer.alloc(CONTENT.length, 'x')),
      /expected 300000 bytes with md5 [0-9a-f]{32}, got md5 [0-9a-f]{32}/,
    ],
    [
      'a connection that breaks',
      (_request, response) => {
        response.writeHead(200, { 'content-length': CONTENT.length });
        response.write(CONTENT.subarray(0, 1000), () => response.destroy());
      },
      /cannot download .*: terminated \(/,
    ],
  ];

  it.each(failures)('says what happened and leaves nothing behind: %s', async (_what, answer, message) => {
    const download = fetchArchive({ archive: await archiveOn(answer), into });
    await expect(download).rejects.toThrow(DataError);
    await expect(download).rejects.toThrow(message);
    expect(fs.readdirSync(into)).toEqual([]);
  });

  it('says that nobody listens', async () => {
    const archive = await archiveOn(whole);
    for (const server of servers.splice(0)) await server.close();
    await expect(fetchArchive({ archive, into })).rejects.toThrow(/cannot download .*ECONNREFUSED.*--data-dir/);
    expect(fs.readdirSync(into)).toEqual([]);
  });

  it('keeps a whole file that is there when a later download fails', async () => {
    const file = await fetchArchive({ archive: await archiveOn(whole), into });
    const broken = await archiveOn((_request, response) => response.end('short'));
    await expect(fetchArchive({ archive: broken, into })).rejects.toThrow(DataError);
    expect(fs.readFileSync(file).equals(CONTENT)).toBe(true);
  });

  it('ends with an InterruptedError when aborted on its way, and leaves nothing behind', async () => {
    const archive = await archiveOn((_request, response) => response.write(CONTENT.subarray(0, 1000)));
    const abort = new AbortController();
    const download = fetchArchive({ archive, into, onProgress: () => abort.abort(), signal: abort.signal });
    await expect(download).rejects.toThrow(InterruptedError);
    expect(fs.readdirSync(into)).toEqual([]);
  });

  it('asks for nothing when it was aborted before', async () => {
    const archive = await archiveOn(whole);
    const download = fetchArchive({ archive, into, signal: AbortSignal.abort() });
    await expect(download).rejects.toThrow(InterruptedError);
    expect(servers[0]?.requests).toEqual([]);
  });

  it('says that the folder cannot be written', async () => {
    fs.writeFileSync(path.join(into, 'file'), '');
    const download = fetchArchive({ archive: await archiveOn(whole), into: path.join(into, 'file', 'below') });
    await expect(download).rejects.toThrow(/cannot download .*ENOTDIR/);
  });
});
