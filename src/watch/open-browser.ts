import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { html } from '../report/page/markup';

/** Command of each system that opens an address. */
const OPENERS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', linux: 'xdg-open' };

export interface OpenedBrowser {
  /** Removes the file through which the browser was opened. */
  forget(): void;
}

/**
 * Opens the user's browser if there is a screen; returns null if there is none, where the printed address must do.
 * Other users of the machine can see the command line, so it names a file that only this user can read. The file
 * redirects to the address, which contains the token.
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
  child.on('error', () => {}); // the command does not exist: the printed address must do
  child.unref();
  return { forget: () => rmSync(folder, { recursive: true, force: true }) };
}

function hasScreen(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION } = process.env;
  if (process.stdout.isTTY !== true || SSH_CONNECTION !== undefined) return false;
  return process.platform !== 'linux' || DISPLAY !== undefined || WAYLAND_DISPLAY !== undefined;
}
