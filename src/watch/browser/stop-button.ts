import { element } from './element.js';

export interface StopOptions {
  /** The process that is interrupted. */
  readonly pid: number;
  /** The command that goes on with the run. */
  readonly resume: string;
}

/** A button that does what Ctrl-C does, once the user has confirmed it. */
export function stopButton({ pid, resume }: StopOptions): HTMLElement {
  const problem = element('p', { class: 'problem', role: 'alert' });
  const close = element('button', { type: 'button' }, 'Let it go on');
  const stop = element('button', { type: 'button', class: 'danger' }, 'Stop the run');
  const title = element('h2', { id: 'stop-title' }, 'Stop this run?');
  const what = element(
    'p',
    {},
    `Process ${pid} gets what Ctrl-C sends: it lets the steps on their way end, for at most five seconds, keeps where it stands, and ends. Nothing is lost. To go on with it:`,
  );
  const dialog = element(
    'dialog',
    { 'aria-labelledby': 'stop-title' },
    title,
    what,
    element('pre', {}, element('code', {}, resume)),
    problem,
    element('div', { class: 'buttons' }, close, stop),
  );
  const open = element('button', { type: 'button', class: 'danger', id: 'stop' }, 'Stop ...');
  open.addEventListener('click', () => dialog.showModal());
  close.addEventListener('click', () => dialog.close());
  stop.addEventListener('click', async () => {
    stop.disabled = true;
    problem.textContent = await refusalOf('stop');
    stop.disabled = false;
    if (problem.textContent === '') dialog.close();
  });
  return element('div', {}, open, dialog);
}

/** Ask the server for something. @returns why it does not do it; nothing where it does */
async function refusalOf(what: string): Promise<string> {
  const [, token = ''] = location.pathname.split('/');
  try {
    const answer = await fetch(what, { method: 'POST', headers: { 'x-dsptt-token': token } });
    return answer.ok ? '' : await answer.text();
  } catch {
    return 'The display cannot be reached: press Ctrl-C where the run goes on.';
  }
}
