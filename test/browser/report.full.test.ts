import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { fixed } from '../../src/report/format';
import { type Result, resultEnsemble } from '../../src/store/result';
import { readResult } from '../../src/store/run-directory';
import { FAST_SEARCH_FLAGS } from '../builders';
import { CommandLine } from '../cli/dsptt';
import { describeInBrowser, overflow, reachedByKeyboard, seriousFindings, TestBrowser } from './browser';

const WIDTHS = [390, 1280];
/** Two runs and three pages take half a minute on an idle machine. */
const PREPARED_MS = 500_000;
/** Charts of a run that searched one tier and trained classes. */
const CHARTS = [
  'chart-search-tier1',
  'chart-training',
  'chart-budget',
  'chart-size',
  'chart-correlation',
  'chart-distance',
  'chart-function-space',
  'chart-answers',
  'chart-barriers',
  'chart-pair-barriers',
  'chart-reliability',
  'chart-classes',
  'chart-confusion',
];
const NAME = '<script>alert(1)</script>';

describeInBrowser('the report of a real run in a browser', () => {
  const cli = new CommandLine();
  const browser = new TestBrowser();
  const addressOf = (name: string) => pathToFileURL(path.join(cli.directory, name)).href;
  let result: Result;

  beforeAll(async () => {
    const barriers = ['--set=pairBarriers=true', '--set=barrierPoints=3'];
    const run = ['run', '--preset=digits', '--budget=240', ...FAST_SEARCH_FLAGS, ...barriers, '--quiet'];
    cli.write('wines.csv', tableOf([NAME, '"><img src=x onerror=alert(2)>']));
    cli.write('wines.yaml', WINES);
    const ended = await cli.runInOneProcess([
      [...run, '--out=first'],
      [...run, '--method=snapshot', '--out=second'],
      ['report', 'first', '--out=one.html'],
      ['report', 'first', 'second', '--out=two.html'],
      ['run', '--config=wines.yaml', '--data-dir=.', '--budget=30', '--out=hostile', '--quiet'],
      ['report', 'hostile', '--out=hostile.html', `--title=${NAME}`],
    ]);
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(ended.map(() => ({ code: 0, stderr: '' })));
    result = await readResult(path.join(cli.directory, 'first'));
  }, PREPARED_MS);

  it.each(WIDTHS)('loads nothing else, says no error, and fits %i px', async (width) => {
    for (const name of ['one.html', 'two.html']) {
      const { page, consoleErrors, requests } = await browser.open(addressOf(name), { width });
      for (const closed of await page.locator('details').all())
        await closed.evaluate((details) => details.setAttribute('open', ''));
      expect({ consoleErrors, requests }).toEqual({ consoleErrors: [], requests: [addressOf(name)] });
      expect(await overflow(page)).toBe(0);
      await page.close();
    }
  });

  it('draws every chart', async () => {
    const { page } = await browser.open(addressOf('one.html'), { width: 1280 });
    const charts = await page.locator('figure').all();
    expect(await Promise.all(charts.map((chart) => chart.getAttribute('id')))).toEqual(CHARTS);
    for (const chart of charts) {
      const box = await chart.locator('svg').boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThan(100);
    }
    const exits = result.members.filter(({ exit }) => exit !== null).length;
    const diamonds = page
      .locator('#chart-search-tier1 .mark-symbol.role-mark')
      .filter({ has: page.locator('path[stroke-width="1.5"]') });
    expect(exits).toBeGreaterThan(0);
    expect(await diamonds.first().locator('path').count()).toBe(exits);
    expect(await page.locator('#chart-correlation .mark-rect.role-mark path').count()).toBe(
      result.pairs.names.length * (result.pairs.names.length - 1),
    );
    await page.close();
  });

  it('lays the curves of two runs over each other, with a legend', async () => {
    const { page } = await browser.open(addressOf('two.html'), { width: 390 });
    const chart = page.locator('#chart-curves-tier0');
    expect(await chart.locator('.role-legend-label text').allTextContents()).toEqual([
      'DSP-TT, seed 0',
      'snapshot (SSE), seed 0',
    ]);
    expect(await chart.locator('.mark-line.role-mark path').count()).toBe(2);
    await page.close();
  });

  it('shows the numbers of result.json', async () => {
    const { page } = await browser.open(addressOf('one.html'), { width: 1280 });
    const own = resultEnsemble(result);
    const row = page.locator('#run-found tr', { hasText: '(the result)' });
    expect(await row.locator('td').allTextContents()).toEqual([
      `${own.name} (the result)`,
      String(own.members.length),
      fixed(own.testErrorPct, 2),
      fixed(own.testLoss, 4),
      fixed(own.calibratedTestLoss, 4),
      fixed(own.brier, 4),
      fixed(own.ecePct, 2),
      fixed(own.outputCorrelation, 4),
      fixed(own.parameterDistance, 2),
      fixed(own.disagreementPct, 2),
    ]);
    for (const member of result.members) {
      const cells = page.locator('#run-found tr', { has: page.locator(`td:text-is("${member.name}")`) }).locator('td');
      expect(await cells.allTextContents()).toEqual(
        expect.arrayContaining([fixed(member.testErrorPct, 2), fixed(member.testLoss, 4)]),
      );
    }
    const last = page.locator('#chart-size');
    await last.locator('summary').click();
    expect(await last.locator('td').allTextContents()).toContain(String(Number(own.testErrorPct?.toPrecision(6))));
    expect(await page.locator('#chart-reliability .title').textContent()).toContain(
      `${fixed(own.ecePct, 2)} % as it is`,
    );
    await page.close();
  });

  it.each(WIDTHS)('can be used by keyboard at %i px', async (width) => {
    const { page } = await browser.open(addressOf('two.html'), { width });
    const { all, reached } = await reachedByKeyboard(page);
    expect(reached).toBe(all);
    const closed = page.locator('details.run').first();
    await closed.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await closed.locator('h3').first().isVisible()).toBe(true);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('has nothing serious for axe-core on %s ground', async (scheme) => {
    for (const name of ['one.html', 'two.html']) {
      const { page } = await browser.open(addressOf(name), { width: 1280, scheme });
      const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(ground).toBe(scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 24, 28)');
      for (const closed of await page.locator('details').all())
        await closed.evaluate((details) => details.setAttribute('open', ''));
      expect(await seriousFindings(page)).toEqual([]);
      await page.close();
    }
  });

  it('downloads the data of a chart', async () => {
    const { page } = await browser.open(addressOf('one.html'), { width: 1280 });
    const waiting = page.waitForEvent('download');
    await page.locator('#chart-budget a', { hasText: 'CSV' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe('budget.csv');
    await download.saveAs(path.join(cli.directory, 'budget.csv'));
    expect(cli.read('budget.csv').split('\n')[0]).toBe('kind,name,steps,seconds,from,to');
    await page.close();
  });

  it('shows names that are HTML as the text that they are', async () => {
    const { page, dialogs, consoleErrors, requests } = await browser.open(addressOf('hostile.html'), { width: 1280 });
    expect(await page.locator('h1').textContent()).toBe(NAME);
    expect(await page.locator('#chart-classes svg text', { hasText: '<script>alert(1)' }).count()).toBe(1);
    expect(await page.locator('script, img').count()).toBe(0);
    expect({ dialogs, consoleErrors, requests }).toEqual({
      dialogs: [],
      consoleErrors: [],
      requests: [addressOf('hostile.html')],
    });
    await page.close();
  });
});

const WINES =
  'dataset: {name: csv, args: {file: wines.csv, target: class}}\nmodel: {name: mlp}\nbatchSize: 10\nmethod: single\n';

/** A table of two classes that a perceptron can tell apart. */
function tableOf(classes: readonly [string, string]): string {
  const quoted = classes.map((name) => `"${name.replaceAll('"', '""')}"`);
  const rows = Array.from({ length: 80 }, (_, k) => `${k % 7},${(k % 2) * 10 + (k % 3)},${quoted[k % 2]}`);
  return `${['a,b,class', ...rows].join('\n')}\n`;
}
