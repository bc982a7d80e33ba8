import type { LiveView, RunList } from '../live-view';
import { ListPage } from './list-page.js';
import { RunPage } from './run-page.js';
import { listen } from './stream.js';

const main = document.getElementById('main');
const connection = document.getElementById('connection');
const onConnection = (words: string) => {
  if (connection !== null) connection.textContent = words;
};

if (main !== null && document.body.dataset.kind === 'run') {
  const page = new RunPage(main);
  const onState = (view: LiveView) => {
    page.show(view);
    return view.isComplete;
  };
  listen('events', { onState, onConnection });
} else if (main !== null) {
  const page = new ListPage(main);
  const onState = (list: RunList) => {
    page.show(list);
    return false;
  };
  listen('events', { onState, onConnection });
}
