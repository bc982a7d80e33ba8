import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ARCHIVES, type Archive } from '../../../src/run/data/archives';
import { cacheDirectory, dataDirectory } from '../../../src/run/data/locate';
import { temporaryDirectory } from '../../builders';
import { type FileServer, serve } from './file-server';

const temporary = temporaryDirectory();
let cache = '';
let server: FileServer;

beforeEach(async () => {
  cache = fs.mkdtempSync(path.join(temporary, 'cache-'));
  server = await serve((request, response) => response.end(request.url));
});
afterEach(() => server.close());

/** A set of two files, each of which holds its own path on the server. */
function archives(): ReadonlyMap<string, readonly Archive[]> {
  const archive = (name: string): Archive => {
    const content = `/${name}.gz`;
    const md5 = createHash('md5').update(content).digest('hex');
    return { url: server.url + content, file: `${name}.gz`, unpacked: name, bytes: content.length, md5 };
  };
  return new Map([['clothes', [archive('images'), archive('labels')]]]);
}

const locate = (dataset: string, dir: string | null = null) =>
  dataDirectory({ dataset, dir, cache, archives: archives() });

describe("a data set's folder", () => {
  it('is the one that the user named, as it is, and nothing is downloaded', async () => {
    expect(await locate('clothes', '/somewhere/else')).toBe('/somewhere/else');
    expect(server.requests).toEqual([]);
  });

  it('is none for a data set that is not downloaded', async () => {
    expect(await locate('wine')).toBeNull();
    expect(await locate('csv', '/tables')).toBe('/tables');
  });

  it('is in the cache, and is filled by downloads once', async () => {
    expect(await locate('clothes')).toBe(path.join(cache, 'clothes'));
    expect(fs.readdirSync(path.join(cache, 'clothes')).sort()).toEqual(['images.gz', 'labels.gz']);
    await locate('clothes');
    expect(server.requests).toEqual(['/images.gz', '/labels.gz']);
  });

  it('gets what is missing only, whether the rest lies there packed or unpacked', async () => {
    fs.mkdirSync(path.join(cache, 'clothes'));
    fs.writeFileSync(path.join(cache, 'clothes', 'images'), 'unpacked');
    await locate('clothes');
    expect(server.requests).toEqual(['/labels.gz']);
  });
});

describe('the cache', () => {
  it('is where DSPTT_CACHE says, else below the home directory', () => {
    expect(cacheDirectory({ DSPTT_CACHE: '/big/disk' })).toBe('/big/disk');
    for (const environment of [{}, { DSPTT_CACHE: '' }])
      expect(cacheDirectory(environment)).toBe(path.join(os.homedir(), '.cache', 'dsptt'));
  });
});

describe('the published files', () => {
  const all = [...ARCHIVES.values()].flat();

  it('are those of four data sets, each under a name of its own', () => {
    expect([...ARCHIVES.keys()]).toEqual(['cifar10', 'cifar100', 'mnist', 'fashion-mnist']);
    for (const archives of ARCHIVES.values()) {
      expect(new Set(archives.map(({ file }) => file)).size).toBe(archives.length);
    }
  });

  it.each(all.map((archive) => [archive.url, archive] as const))(
    'have a checksum and come encrypted: %s',
    (url, archive) => {
      expect(url).toMatch(/^https:/);
      expect(url.endsWith(`/${archive.file}`)).toBe(true);
      expect(archive.md5).toMatch(/^[0-9a-f]{32}$/);
    },
  );
});
