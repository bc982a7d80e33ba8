import { UsageError } from '../../errors';
import { composeReport, reportHtml } from '../../report/page';
import { reportPolicy } from '../../report/page/html';
import { viewRun } from '../../report/run-view';
import type { Feed } from '../polled-source';
import type { RunFolder } from '../run-folder';
import type { WatchedRuns } from '../watched-runs';
import { ICON } from './icon';
import { pageOf } from './page';
import type { ContentType, TextAnswer } from './responses';
import { scriptOf } from './scripts';
import { STYLE } from './style';

/** Answer to a request. */
export type Reply =
  | ({ readonly kind: 'text' } & TextAnswer)
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'events'; readonly feed: Feed };

const NOTHING: Reply = { kind: 'text', status: 404, type: 'text/plain', text: 'There is nothing here.' };

/** Answers requests for the paths behind the token. */
export class Routes {
  readonly #folder: RunFolder;
  readonly #runs: WatchedRuns;
  /** Common prefix of all paths: a slash and the token. */
  readonly #root: string;

  constructor(folder: RunFolder, runs: WatchedRuns, root: string) {
    this.#folder = folder;
    this.#runs = runs;
    this.#root = root;
  }

  get(path: string): Reply | Promise<Reply> {
    if (path === '/') return this.#first();
    if (path === '/events') return { kind: 'events', feed: this.#runs.feed };
    const { run, name, rest } = this.#find(path);
    if (run === null) return assetOf(path) ?? NOTHING;
    if (rest === 'events') return { kind: 'events', feed: run.feed };
    if (rest === 'report') return reportOn(run.path);
    if (rest !== '') return NOTHING;
    run.open();
    return this.#page('run', name);
  }

  post(path: string): Reply {
    const { run, rest } = this.#find(path);
    if (run === null || rest !== 'stop') return NOTHING;
    try {
      run.stop();
      return { kind: 'text', status: 202, type: 'text/plain', text: 'The run stops.' };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return { kind: 'text', status: 409, type: 'text/plain', text: error.message };
    }
  }

  #first(): Reply {
    const { only, title } = this.#folder;
    if (only === null) return this.#page('list', title);
    return { kind: 'redirect', location: `${this.#root}/run/${encodeURIComponent(only)}/` };
  }

  #page(kind: 'list' | 'run', title: string): Reply {
    const text = pageOf({ kind, title, root: this.#root, hasList: this.#folder.only === null });
    return { kind: 'text', status: 200, type: 'text/html', text };
  }

  #find(path: string) {
    const [, encoded = '', rest = ''] = /^\/run\/([^/]+)\/([a-z]*)$/.exec(path) ?? [];
    const name = decoded(encoded);
    return { run: name === '' ? null : this.#runs.run(name), name, rest };
  }
}

/** Makes the report on a run as far as it has got. */
async function reportOn(path: string): Promise<Reply> {
  const text = await reportHtml(composeReport({ runs: [await viewRun(path)] }));
  return { kind: 'text', status: 200, type: 'text/html', text, policy: `${reportPolicy()}; frame-ancestors 'none'` };
}

function assetOf(path: string): Reply | null {
  const name = /^\/assets\/([a-z-]+\.[a-z]+)$/.exec(path)?.[1];
  const asset = (type: ContentType, text: string): Reply => ({ kind: 'text', status: 200, type, text });
  if (name === 'page.css') return asset('text/css', STYLE);
  if (name === 'icon.svg') return asset('image/svg+xml', ICON);
  const script = name === undefined ? null : scriptOf(name);
  return script === null ? null : asset('text/javascript', script);
}

/** Decodes a name; empty if it is malformed. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return '';
  }
}
