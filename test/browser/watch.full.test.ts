import fs from 'node:fs';
import { constants, getPriority } from 'node:os';
import path from 'node:path';
import { withoutPlace } from '../../src/config/difference';
import { sha256 } from '../../src/store/journal/arrays';
import { canonical } from '../../src/store/journal/canonical';
import { resultEnsemble } from '../../src/store/result';
import { readConfig, readResult } from '../../src/store/run-directory';
import { FAST_SEARCH_FLAGS, isRunning, workersOf } from '../builders';
import { CommandLine } from '../cli/dsptt';
import { keptRun, recordsOf, rewrite, unfinishedCopy, withTargetsFirst } from '../journals/kept';
import { describeInBrowser, overflow, reachedByKeyboard, seriousFindings, TestBrowser } from './browser';
import { closing, mustShowNetworks, numbersIn, stateOf, watching } from './live-view';

const LOOKS = [
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
] as const;
const RUN = ['run', '--preset=digits', '--threads=1', ...FAST_SEARCH_FLAGS];
const LONG_MS = 300_000;

describeInBrowser('the live view in a browser', () => {
  const cli = new CommandLine();
  const browser = new TestBrowser();

  /** A folder of one run that has finished. */
  beforeAll(() => {
    fs.cpSync(keptRun(path.join('0.1.0', 'dsp-tt')), path.join(cli.directory, 'kept', 'first'), { recursive: true });
  });

  it(
    'follows a run of another process to its end, and shows the numbers of its result',
    async () => {
      fs.cpSync(keptRun(path.join('0.1.0', 'dsp-tt')), path.join(cli.directory, 'runs', 'before'), { recursive: true });
      const display = await watching(cli, 'runs');
      const { page, consoleErrors, requests } = await browser.open(display.address, { width: 1280 });
      page.setDefaultTimeout(LONG_MS); // a busy machine takes its time
      const run = cli.start([...RUN, '--budget=5000', '--out=runs/first']); // once there is a browser, so that it misses nothing
      await page.getByRole('link', { name: 'first' }).click();
      await stateOf(page, 'Running').waitFor();
      await page.getByRole('heading', { name: 'Search of tier 1' }).waitFor();
      await page.getByRole('row', { name: /^tier1-\d training/ }).waitFor();
      await page.getByRole('region', { name: 'Exits found' }).focus();
      await stateOf(page, 'Finished').waitFor();
      expect(await run.ended).toMatchObject({ code: 0 });
      await page.getByRole('table', { name: 'Ensembles' }).waitFor();
      expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Exits found');
      const result = await readResult(path.join(cli.directory, 'runs/first'));
      await mustShowNetworks(page, result);
      const { name, members, validationErrorPct, validationLoss, testErrorPct, testLoss } = resultEnsemble(result);
      expect((await numbersIn(page, 'ensemble'))[`${name} (the result)`]).toEqual([
        members.length,
        validationErrorPct,
        validationLoss,
        testErrorPct,
        testLoss,
      ]);
      const found = result.members.flatMap(({ name: path, exit }) => (exit === null ? [] : [[path, exit.step]]));
      expect(Object.entries(await numbersIn(page, 'path')).map(([path, [step]]) => [path, step])).toEqual(found);
      expect(await page.locator('svg.chart .mark').count()).toBe(2 * found.length);
      expect(consoleErrors).toEqual([]);
      const { origin } = new URL(display.address);
      expect(requests.filter((url) => !url.startsWith(`${origin}/`))).toEqual([]);
      await closing(display);
    },
    LONG_MS,
  );

  it(
    'is usable at 390 and 1280 px, light and dark, by keyboard and by axe-core',
    async () => {
      const display = await watching(cli, 'kept');
      for (const looks of LOOKS) {
        for (const at of [display.address, `${display.address}run/first/`]) {
          const { page } = await browser.open(at, looks);
          await page.getByRole('table').last().waitFor();
          const found = { ...looks, at, serious: await seriousFindings(page), overflow: await overflow(page) };
          expect(found).toEqual({ ...looks, at, serious: [], overflow: 0 });
          const { all, reached } = await reachedByKeyboard(page);
          expect({ ...looks, at, reached }).toEqual({ ...looks, at, reached: all });
          expect(all).toBeGreaterThan(0);
          await page.close();
        }
      }
      await closing(display);
    },
    LONG_MS,
  );

  it('lists the runs of a folder as they begin, which may be none', async () => {
    fs.mkdirSync(path.join(cli.directory, 'empty'));
    const display = await watching(cli, 'empty');
    const { page, consoleErrors } = await browser.open(display.address, { width: 390 });
    await page.getByText('There is no run in empty: one that begins is shown here.').waitFor();
    fs.cpSync(keptRun(path.join('0.1.0', 'dsp-tt')), path.join(cli.directory, 'empty', 'first'), { recursive: true });
    await page.getByRole('link', { name: 'first' }).click();
    await stateOf(page, 'Finished').waitFor();
    expect(consoleErrors).toEqual([]);
    await closing(display);
  });

  it('shows the ensembles of the networks that are measured so far', async () => {
    fs.mkdirSync(path.join(cli.directory, 'measuring'));
    const run = withTargetsFirst(unfinishedCopy(path.join('0.1.0', 'fge'), path.join(cli.directory, 'measuring')));
    const records = recordsOf(run);
    const saves = records.flatMap((record, n) => (record.kind === 'command' && record.op === 'savePoint' ? [n] : []));
    rewrite(run, records.slice(0, saves[3])); // four networks are measured, three of them saved
    const display = await watching(cli, run);
    const { page } = await browser.open(display.address, { width: 1280 });
    await page.getByRole('table', { name: 'Ensembles so far' }).waitFor();
    const [members, ...scores] = (await numbersIn(page, 'ensemble'))['fge (the result)'];
    expect(members).toBe(4);
    const own = page.locator('dl.numbers div', { hasText: 'Ensemble so far' });
    expect(await own.innerText()).toMatch(/% test error\s+fge: 4 networks, test loss \d/);
    expect(scores).not.toContain(null);
    expect(await page.getByText('4 measured. Ensembles are of the networks measured so far.').count()).toBe(1);
    await closing(display);
  });

  it('reads off values by keyboard', async () => {
    const display = await watching(cli, 'kept/first');
    const { page } = await browser.open(display.address, { width: 390 });
    await page.getByRole('table', { name: 'Ensembles' }).waitFor();
    const slider = page.getByRole('slider', { name: /Training loss/ });
    const values = page.locator('figure', { has: slider }).locator('output');
    await slider.press('Home');
    expect(await values.textContent()).toMatch(/^At 0: tier0 \d\.\d+, tier1-2 /);
    await slider.press('ArrowRight');
    expect(await values.textContent()).toMatch(/^At 1: tier0 \d\.\d+, /);
    await closing(display);
  });

  it('sorts its list by a column, and lays curves of several runs over each other', async () => {
    const names = ['dsp-tt', 'fge', 'himmelblau', 'single'];
    for (const name of names) {
      fs.cpSync(keptRun(path.join('0.1.0', name)), path.join(cli.directory, 'several', name), { recursive: true });
    }
    const display = await watching(cli, 'several');
    const { page, consoleErrors } = await browser.open(display.address, { width: 390 });
    const shown = () => page.locator('tbody th').allTextContents();
    await page.getByRole('link', { name: 'single' }).waitFor();
    expect(await shown()).toEqual(names);
    const byLoss = page.getByRole('button', { name: 'test loss' });
    await byLoss.press('Enter');
    expect(await shown()).toEqual(['dsp-tt', 'fge', 'single', 'himmelblau']);
    await page.keyboard.press('Enter'); // the focus is still there
    expect(await shown()).toEqual(['single', 'fge', 'dsp-tt', 'himmelblau']);
    expect(await page.getByRole('columnheader', { name: 'test loss' }).getAttribute('aria-sort')).toBe('descending');
    expect(await page.getByLabel('show the curves of himmelblau').isDisabled()).toBe(true);
    for (const name of ['dsp-tt', 'single']) await page.getByLabel(`show the curves of ${name}`).press('Space');
    await page.getByRole('option', { name: 'training of tier1-2' }).waitFor({ state: 'attached' });
    const lines = page.locator('figure path.line');
    await lines.nth(1).waitFor();
    expect(await lines.count()).toBe(2);
    expect(await page.locator('output').textContent()).toMatch(
      /^At 79: (dsp-tt 0\.\d+, single|single 0\.\d+, dsp-tt) 0\.\d+$/,
    );
    expect(await seriousFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.getByRole('combobox').selectOption('search path tier1-2');
    expect(await page.locator('.legend li').allTextContents()).toEqual([
      'dsp-tt finished',
      'single finished, without this curve',
    ]);
    expect(await page.locator('figure .mark').count()).toBe(1);
    for (const name of ['dsp-tt', 'single']) await page.getByLabel(`show the curves of ${name}`).press('Space');
    expect(await page.locator('figure').isVisible()).toBe(false);
    expect(consoleErrors).toEqual([]);
    await closing(display);
  });

  it('shows the settings of a run, and leads to its report', async () => {
    const display = await watching(cli, 'kept');
    const { page, consoleErrors } = await browser.open(`${display.address}run/first/`, { width: 390 });
    const settings = page.locator('section', { hasText: 'Settings' }).last();
    await settings.getByText(/^\d+ more, at their defaults$/).press('Enter');
    const setting = (name: string) => settings.locator(`dt:text-is("${name}") + dd`);
    expect(await setting('dspTt.rho1.increment').textContent()).toBe('0.1');
    expect(await setting('localSolver.momentum').isVisible()).toBe(true);
    expect(await overflow(page)).toBe(0);
    await page.getByRole('link', { name: 'Report' }).press('Enter');
    await page.getByRole('heading', { name: 'DSP-TT on wine with mlp' }).waitFor();
    expect(await page.locator('figure').count()).toBeGreaterThan(5);
    expect(await overflow(page)).toBe(0);
    expect(consoleErrors).toEqual([]);
    await closing(display);
  });

  it('names the curve under the pointer, with its step and loss', async () => {
    const display = await watching(cli, 'kept/first');
    const { page } = await browser.open(display.address, { width: 1280 });
    await page.getByRole('table', { name: 'Ensembles' }).waitFor();
    const chart = page.locator('figure', { hasText: 'Training loss' });
    const picture = chart.locator('svg.chart');
    const { width, height } = await picture.evaluate((svg) => svg.getBoundingClientRect());
    await picture.hover({ position: { x: width / 2, y: height - 40 } });
    expect(await chart.locator('output').textContent()).toMatch(/^tier1-2 at \d+: 0\.\d+$/);
    expect(await chart.locator('.touched').textContent()).toBe(await chart.locator('output').textContent());
    await picture.hover({ position: { x: width / 2, y: 5 } });
    expect(await chart.locator('.touched').textContent()).toMatch(/^tier0 at \d+: /);
    await chart.locator('figcaption').hover();
    expect(await chart.locator('.touched').count()).toBe(0);
    await closing(display);
  });

  it('shows the part of a chart that is dragged over, or asked for by + at the slider, and all of it again', async () => {
    const display = await watching(cli, 'kept/first');
    const { page, consoleErrors } = await browser.open(display.address, { width: 1280 });
    await page.getByRole('table', { name: 'Ensembles' }).waitFor();
    const chart = page.locator('figure', { hasText: 'Training loss' });
    const picture = chart.locator('svg.chart');
    const slider = chart.getByRole('slider', { name: /^step of the network/ });
    const ends = async () => [await slider.getAttribute('min'), await slider.getAttribute('max')].map(Number);
    const [, last] = await ends();
    const whole = await picture.innerHTML();
    const { width } = await picture.evaluate((svg) => svg.getBoundingClientRect());
    await picture.hover({ position: { x: width / 4, y: 60 } });
    await page.mouse.down();
    await picture.hover({ position: { x: width / 2, y: 90 } });
    const said = await chart.locator('output').textContent();
    await page.mouse.up();
    const [from, to] = await ends();
    expect(said?.replaceAll(',', '')).toBe(`From ${from} to ${to}`);
    expect(from / last).toBeCloseTo(0.22, 1);
    expect(to / last).toBeCloseTo(0.49, 1);
    const ticks = (await chart.locator('.tick.middle').allTextContents()).map((text) => Number(text.replace(',', '')));
    expect(Math.min(...ticks)).toBeGreaterThanOrEqual(from);
    expect(Math.max(...ticks)).toBeLessThanOrEqual(to);
    await picture.hover({ position: { x: width / 4, y: 60 } });
    await page.mouse.down();
    await picture.dispatchEvent('pointercancel'); // as by a finger that scrolls
    await picture.hover({ position: { x: width / 2, y: 90 } });
    expect(await picture.locator('.chosen').count()).toBe(0);
    await page.mouse.up();
    expect(await ends()).toEqual([from, to]);
    await picture.dblclick({ position: { x: width / 4, y: 60 } });
    await chart.locator('figcaption').hover();
    expect(await ends()).toEqual([0, last]);
    await slider.press('End');
    expect(await picture.innerHTML()).toBe(whole);
    await slider.press('+');
    expect(await ends()).toEqual([last - Math.round(last / 2), last]);
    await slider.press('-');
    expect(await ends()).toEqual([0, last]);
    expect(consoleErrors).toEqual([]);
    await closing(display);
  });

  it('draws losses on another axis and smoother, as its reader chooses', async () => {
    const display = await watching(cli, 'kept/first');
    const { page, consoleErrors } = await browser.open(display.address, { width: 390 });
    await page.getByRole('table', { name: 'Ensembles' }).waitFor();
    const chart = page.locator('figure', { hasText: 'Training loss' });
    const drawn = () => chart.locator('path.line').first().getAttribute('d');
    const [asBegun, axis] = [await drawn(), await chart.locator('.tick').allTextContents()];
    const isLogarithmic = chart.getByRole('checkbox', { name: 'logarithmic' });
    await isLogarithmic.press('Space');
    expect(await isLogarithmic.isChecked()).toBe(false);
    expect(await chart.locator('.tick').allTextContents()).not.toEqual(axis);
    await isLogarithmic.press('Space');
    expect(await drawn()).toBe(asBegun);
    const smoothing = chart.getByRole('slider', { name: 'smoothing' });
    await smoothing.press('End');
    expect(await drawn()).not.toBe(asBegun);
    await smoothing.press('Home');
    expect(await drawn()).toBe(asBegun);
    const rate = page.locator('figure', { hasText: 'Learning rate' });
    expect(await rate.locator('output').textContent()).toMatch(/^At \d+: tier0 0\.0\d+, tier1-2 0\.0\d+$/);
    expect(consoleErrors).toEqual([]);
    await closing(display);
  });

  it(
    'stops a run by its button, which leaves a run to go on with',
    async () => {
      const run = cli.start([...RUN, '--budget=8000', '--out=runs/long']);
      await run.errorOutput(/search of tier 1/);
      const display = await watching(cli, 'runs/long');
      const { page, consoleErrors } = await browser.open(display.address, { width: 390 });
      page.setDefaultTimeout(LONG_MS);
      await page.getByRole('button', { name: 'Stop ...' }).press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Stop this run?' });
      expect(await dialog.textContent()).toMatch(/what Ctrl-C sends.*Nothing is lost.*dsptt resume .*runs\/long/);
      expect(await seriousFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      expect(await dialog.isVisible()).toBe(false);
      await page.getByRole('button', { name: 'Stop ...' }).press('Enter');
      await dialog.getByRole('button', { name: 'Stop the run' }).press('Enter');
      expect(await run.ended).toMatchObject({ code: 130, stderr: expect.stringMatching(/SIGINT: ending the run/) });
      await stateOf(page, 'Interrupted').waitFor();
      expect(await page.locator('code').textContent()).toBe('npx --no dsptt resume runs/long');
      expect(await page.getByRole('button').count()).toBe(0);
      expect(consoleErrors).toEqual([]);
      const resumed = cli.start(['resume', 'runs/long']);
      await stateOf(page, 'Finished').waitFor();
      expect(await resumed.ended).toMatchObject({ code: 0 });
      await page.getByRole('table', { name: 'Ensembles' }).waitFor();
      await mustShowNetworks(page, await readResult(path.join(cli.directory, 'runs/long')));
      await closing(display);
    },
    LONG_MS,
  );

  it('shows a second browser nothing without the token', async () => {
    const display = await watching(cli, 'kept');
    const { page } = await browser.open('about:blank', { width: 390 });
    const { origin, pathname } = new URL(display.address);
    for (const at of [origin, `${origin}/run/first/`, `${origin}${pathname.slice(0, -2)}/`]) {
      const answer = await page.goto(at);
      expect(answer?.status()).toBe(403);
      expect(await page.locator('body').innerText()).toMatch(/needs the token/);
    }
    await closing(display);
  });

  it('shows names that are scripts as text', async () => {
    const name = '<script>alert(1)<script>';
    const run = path.join(cli.directory, 'hostile', name);
    fs.cpSync(keptRun(path.join('0.1.0', 'dsp-tt')), run, { recursive: true });
    fs.rmSync(path.join(run, 'result.json'));
    const kept = await readConfig(run);
    const config = { ...kept, model: { ...kept.model, name: '<img src=x onerror=alert(2)>' } };
    fs.writeFileSync(path.join(run, 'config.json'), JSON.stringify(config));
    const hash = sha256(canonical(withoutPlace(config)));
    rewrite(
      run,
      recordsOf(run).map((record) => (record.kind === 'header' ? { ...record, config: hash } : record)),
    );
    const display = await watching(cli, 'hostile');
    const { page, consoleErrors, dialogs } = await browser.open(display.address, { width: 1280 });
    await page.getByRole('link', { name }).click();
    await page.getByText('model <img src=x onerror=alert(2)>').waitFor();
    await page.getByText('decides otherwise than the run').waitFor();
    expect(await page.locator('h1').textContent()).toBe(name);
    expect(await page.locator('main script, main img, h1 *').count()).toBe(0);
    expect({ consoleErrors, dialogs }).toEqual({ consoleErrors: [], dialogs: [] });
    await closing(display);
  });

  it(
    'ends at once with Ctrl-C, and touches no run',
    async () => {
      const run = cli.start([...RUN, '--budget=5000', '--out=runs/untouched']);
      await run.errorOutput(/tier0/);
      const display = await watching(cli, 'runs/untouched');
      const { page } = await browser.open(display.address, { width: 390 });
      await stateOf(page, 'Running').waitFor();
      const pid = display.started.child.pid ?? 0;
      expect(getPriority(pid)).toBeGreaterThanOrEqual(constants.priority.PRIORITY_BELOW_NORMAL);
      await closing(display);
      expect(isRunning(pid)).toBe(false);
      expect(workersOf(pid)).toEqual([]);
      await page.getByText('The connection is lost').waitFor();
      expect(await run.ended).toMatchObject({ code: 0 });
    },
    LONG_MS,
  );
});

describeInBrowser('dsptt run --watch', () => {
  const cli = new CommandLine();
  const browser = new TestBrowser();

  it(
    'shows its run to the end, says so, and ends with it',
    async () => {
      const run = cli.start([...RUN, '--budget=1500', '--out=runs/own', '--watch']);
      const said: string[] = [];
      run.child.stderr?.on('data', (part) => said.push(String(part)));
      await run.errorOutput(/can be watched at http:\S+\n/);
      const address = /http:\S+/.exec(said.join(''))?.[0] ?? '';
      const { page, consoleErrors } = await browser.open(address, { width: 1280 });
      await stateOf(page, 'Running').waitFor();
      expect(await run.ended).toMatchObject({ code: 0 });
      await stateOf(page, 'Finished').waitFor();
      await mustShowNetworks(page, await readResult(path.join(cli.directory, 'runs/own')));
      expect(consoleErrors).toEqual([]);
    },
    LONG_MS,
  );
});
