import type { Locator, Page } from 'playwright-core';
import { z } from 'zod';
import type { Result } from '../../src/store/result';
import type { CommandLine, Started } from '../cli/dsptt';

/** A display in a process of its own, and the address that it prints. */
export interface Display {
  readonly started: Started;
  readonly address: string;
}

export async function watching(cli: CommandLine, runs: string): Promise<Display> {
  const started = cli.start(['watch', runs, '--no-open']);
  displays.push(started);
  return { started, address: await addressOf(started) };
}

/** Also those of a test that failed must not stay. */
const displays: Started[] = [];
afterAll(() => {
  for (const { child } of displays) child.kill('SIGKILL');
});

/** End it by what Ctrl-C sends, which is no failure. */
export async function closing({ started }: Display): Promise<void> {
  started.child.kill('SIGINT');
  expect(await started.ended).toMatchObject({ code: 0 });
}

function addressOf({ child, ended }: Started): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (part) => {
      text += part;
      if (/^http:\S+\n/.test(text)) resolve(text.trim());
    });
    ended.then(({ stderr }) => reject(new Error(`it ended without an address: ${stderr}`)));
  });
}

/** The run's state, once it is of this name. */
export function stateOf(page: Page, name: string): Locator {
  return page.locator('#state', { hasText: name });
}

/** What stands in the table whose first column has this head: rows by their names, each with its numbers as they were given. */
export async function numbersIn(page: Page, head: string): Promise<Record<string, (number | null)[]>> {
  const rows = await page.evaluate(`{
    const tables = [...document.querySelectorAll('table')];
    const { rows } = tables.find((table) => table.querySelector('th').textContent === '${head}').tBodies[0];
    const exact = ({ dataset }) => ('exact' in dataset ? Number(dataset.exact) : null);
    const numbers = (row) => [...row.cells].filter(({ className }) => className === 'number').map(exact);
    [...rows].map((row) => [row.cells[0].textContent, numbers(row)]);
  }`);
  return Object.fromEntries(z.array(z.tuple([z.string(), z.array(z.number().nullable())])).parse(rows));
}

/** The page's table of networks must have the numbers of result.json, digit by digit. */
export async function mustShowNetworks(page: Page, { members }: Result): Promise<void> {
  const numbers = members.map((member) => [
    member.name,
    [
      member.trainLoss,
      member.validationErrorPct,
      member.validationLoss,
      member.testErrorPct,
      member.testLoss,
      member.barrierToParent,
    ],
  ]);
  expect(await numbersIn(page, 'network')).toEqual(Object.fromEntries(numbers));
}
