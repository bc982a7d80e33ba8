import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { html } from '../report/page/markup';

/** How each system opens an address. */
const OPENERS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', linux: 'xdg-open' };

export interface OpenedBrowser {
  /** Remove what led it there. */
  forget(): void;
}

/**
 * Open the user's browser where there is a screen; whoever has none has the printed address. What other users of the
 * machine could see, the command's line, names a file that only this user can read, and the file leads to the address.
 */
export function openBrowser(address: string): OpenedBrowser | null {
  const opener = OPENERS[process.platform];
  if (opener === undefined || !hasScreen()) return null;
  const folder = mkdtempSync(join(tmpdir(), 'dsptt-view-'));
  const page = join(folder, 'open.html');
  writeFileSync(page, html`<!doctype html><meta http-equiv="refresh" content="0;url=${address}">`.text, {
    mode: 0o600,
  });
  const child = spawn(opener, [pathToFileURL(page).href], { stdio: 'ignore', detached: true });
  child.on('error', () => {}); // there is no such command: the address is printed
  child.unref();
  return { forget: () => rmSync(folder, { recursive: true, force: true }) };
}

function hasScreen(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION } = process.env;
  if (process.stdout.isTTY !== true || SSH_CONNECTION !== undefined) return false;
  return process.platform !== 'linux' || DISPLAY !== undefined || WAYLAND_DISPLAY !== undefined;
}
