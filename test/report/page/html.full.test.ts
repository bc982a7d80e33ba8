import { composeReport, figureFiles, reportHtml } from '../../../src/report/page';
import { aHostileReport, anUnfinishedView, aView } from './a-view';

const idsOf = (page: string) => [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);

/** The page without its downloads, which are whole files. */
const shown = (page: string) => page.replace(/href="data:[^"]*"/g, '');

describe('the page of a run', () => {
  const report = composeReport({ runs: [aView()] });
  let page = '';
  beforeAll(async () => {
    page = await reportHtml(report);
  });

  it('loads nothing and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe| on\w+=| style="/);
    const addresses = page.match(/https?:\/\/[^" ]*/g) ?? [];
    expect(addresses.filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual([]);
    expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;sha256-`);
  });

  it('gives every part a name of its own, and points at no other', () => {
    const ids = idsOf(page);
    expect(new Set(ids).size).toBe(ids.length);
    const pointers = page.matchAll(/(?:url\(#|href="#|aria-labelledby=")([^)" ]+)/g);
    for (const [, target] of pointers) expect(ids).toContain(target);
  });

  it('carries each chart as a file, and its data, as they also lie beside it', async () => {
    const files = await figureFiles(report);
    const downloads = [...page.matchAll(/download="([^"]*)" href="data:[^,]*,([^"]*)"/g)];
    expect(downloads.map(([, name]) => name).sort()).toEqual(Object.keys(files).sort());
    for (const [, name, content] of downloads) expect(Buffer.from(content, 'base64').toString()).toBe(files[name]);
    expect(files['search-tier1.csv'].split('\n')[3]).toBe('2,tier1-1,1,0.4,0.4,0.5,1');
  });

  it('is the same each time', async () => {
    expect(await reportHtml(report)).toBe(page);
  });
});

describe('the page of several runs', () => {
  it('keeps each under a heading that is closed at first', async () => {
    const runs = [aView(), anUnfinishedView({ path: 'runs/second' })];
    const page = await reportHtml(composeReport({ runs }));
    expect(page.match(/<details class="run" id="run\d">/g)).toHaveLength(2);
    const ids = idsOf(page);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('names that come from data', () => {
  it('are text on a page and in its pictures', async () => {
    const page = shown(await reportHtml(aHostileReport()));
    for (const obeyed of ['<script', '<img', '\u001b', '\u202e']) expect(page).not.toContain(obeyed);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&quot;&gt;&lt;img src=x onerror=alert(2)&gt;');
  });

  it('are text in the files of pictures, and cells in those of data', async () => {
    const files = await figureFiles(aHostileReport());
    expect(files['classes.svg']).not.toMatch(/<script|<img/);
    expect(files['classes.svg']).toContain('&lt;script&gt;alert(1)');
    expect(files['classes.csv']).toContain('"""><img src=x onerror=alert(2)>"');
  });
});
