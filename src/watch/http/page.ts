import { html } from '../../report/page/markup';

/** Options of a page, which shows the list of runs or one run. */
export interface PageOptions {
  readonly kind: 'list' | 'run';
  /** Title and main heading. */
  readonly title: string;
  /** Path of the server's root, token included. */
  readonly root: string;
  /** True if there is a list of runs to link to. */
  readonly hasList: boolean;
}

/** Renders the initial page; its script fills in the states that it receives. */
export function pageOf({ kind, title, root, hasList }: PageOptions): string {
  const back = kind === 'run' && hasList ? html`<nav aria-label="Runs"><a href="${root}/">All runs</a></nav>` : '';
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - dsptt</title>
<link rel="icon" href="${root}/assets/icon.svg">
<link rel="stylesheet" href="${root}/assets/page.css">
<script type="module" src="${root}/assets/main.js"></script>
</head>
<body data-kind="${kind}">
<header>${back}<h1>${title}</h1></header>
<main id="main"><p>Waiting for the first words ...</p><noscript><p>This page needs JavaScript.</p></noscript></main>
<footer><p id="connection" role="status"></p></footer>
</body>
</html>
`;
  return page.text;
}
