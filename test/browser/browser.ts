import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { z } from 'zod';

/** Where a browser of the system lies; undefined where there is none. */
const PROGRAM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

/** `describe` for tests in a browser: on a machine without one they are skipped, and say so. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (PROGRAM === undefined) {
    console.warn(`skipped: ${name}: there is no chromium on this machine (Debian: apt-get install chromium)`);
  }
  (PROGRAM === undefined ? describe.skip : describe)(name, tests);
}

/** What a page did that it should not have. */
export interface Watched {
  readonly page: Page;
  readonly consoleErrors: string[];
  /** Addresses that were asked for, but for `data:`. */
  readonly requests: string[];
  readonly dialogs: string[];
}

export interface Looks {
  readonly width: number;
  readonly scheme?: 'light' | 'dark';
}

/** A browser for the tests of a file. Without its sandbox where it runs as root, as in a container. */
export class TestBrowser {
  #browser: Browser | undefined;

  constructor() {
    beforeAll(async () => {
      const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      this.#browser = await chromium.launch({ executablePath: PROGRAM, args });
    });
    afterAll(() => this.#browser?.close());
  }

  /** A page that opens an address, with what it does written down. */
  async open(address: string, { width, scheme = 'light' }: Looks): Promise<Watched> {
    if (this.#browser === undefined) throw new Error('pages belong in tests');
    const page = await this.#browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    page.setDefaultTimeout(90_000); // a view replays a run's journal first, beside the other tests
    const watched: Watched = { page, consoleErrors: [], requests: [], dialogs: [] };
    page.on('console', (message) => message.type() === 'error' && watched.consoleErrors.push(message.text()));
    page.on('pageerror', (error) => watched.consoleErrors.push(error.message));
    page.on('request', (request) => !request.url().startsWith('data:') && watched.requests.push(request.url()));
    page.on('dialog', async (dialog) => {
      watched.dialogs.push(dialog.message());
      await dialog.dismiss();
    });
    await page.goto(address);
    return watched;
  }
}

const violations = z.array(
  z.object({ id: z.string(), impact: z.string().nullish(), nodes: z.array(z.object({ html: z.string() })) }),
);

/** What axe-core finds that is serious or worse, each with the first part of the page that it concerns. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = violations.parse(await page.evaluate('axe.run().then((result) => result.violations)'));
  const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
}

/** How far a page is broader than its window. */
export async function overflow(page: Page): Promise<number> {
  return z.number().parse(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'));
}

const REACHABLE = 'a[href], summary, button, input, [tabindex="0"]';

/** Everything that a mouse can use and is in sight, and of it what the tab key reaches. */
export async function reachedByKeyboard(page: Page): Promise<{ readonly all: number; readonly reached: number }> {
  const all = z.number().parse(
    await page.evaluate(`{
      const all = [...document.querySelectorAll('${REACHABLE}')].filter((element) => element.checkVisibility());
      window.reached = new Set();
      document.body.addEventListener('focusin', ({ target }) => all.includes(target) && window.reached.add(target));
      all.length;
    }`),
  );
  for (let k = 0; k < all; k += 1) await page.keyboard.press('Tab');
  return { all, reached: z.number().parse(await page.evaluate('window.reached.size')) };
}
