import { element } from './element.js';

export interface StopOptions {
  /** Id of the process that is interrupted. */
  readonly pid: number;
  /** Command that resumes the run. */
  readonly resume: string;
}

/** Builds a button that interrupts the run as Ctrl-C does, after the user has confirmed it. */
export function stopButton({ pid, resume }: StopOptions): HTMLElement {
  const problem = element('p', { class: 'problem', role: 'alert' });
  const close = element('button', { type: 'button' }, 'Let it go on');
  const stop = element('button', { type: 'button', class: 'danger' }, 'Stop the run');
  const title = element('h2', { id: 'stop-title' }, 'Stop this run?');
  const what = element(
    'p',
    {},
    `Process ${pid} gets what Ctrl-C sends: it waits up to five seconds for the steps under way, saves its position, and ends. Nothing is lost. To resume it:`,
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

/** Sends a request to the server. @returns the reason of its refusal; an empty text if it accepts */
async function refusalOf(what: string): Promise<string> {
  const [, token = ''] = location.pathname.split('/');
  try {
    const answer = await fetch(what, { method: 'POST', headers: { 'x-dsptt-token': token } });
    return answer.ok ? '' : await answer.text();
  } catch {
    return 'The display cannot be reached: press Ctrl-C where the run goes on.';
  }
}
