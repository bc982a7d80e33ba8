import { ProgressDisplay } from '../../src/cli/progress';

/** What a display writes where lines stay. */
function linesOf(show: (progress: ProgressDisplay) => void): string[] {
  let written = '';
  const progress = new ProgressDisplay({ write: (text) => (written += text) });
  progress.begin('dsp-tt');
  show(progress);
  return written.split('\n').slice(0, -1);
}

describe('a display that is no terminal', () => {
  it('writes a line for every tenth of a download, however often it is told', () => {
    const lines = linesOf(({ onEvent }) => {
      for (let received = 0; received <= 1000; received += 5)
        onEvent({ type: 'download', file: 'a.tar.gz', received: received * 1e5, bytes: 1e8 });
    });
    expect(lines).toEqual(
      Array.from({ length: 11 }, (_, tenth) => `dsp-tt: downloading a.tar.gz, ${10 * tenth} % of 100 MB`),
    );
  });

  it('writes a line a phase', () => {
    const lines = linesOf(({ onEvent }) => {
      onEvent({ type: 'phase', phase: 'tier0', steps: 1200 });
      onEvent({ type: 'progress', program: 'descend', what: 'tier0', loss: 1, done: 100, total: 1200, steps: 100 });
      onEvent({ type: 'phase', phase: 'evaluation', steps: 0 });
    });
    expect(lines).toEqual(['dsp-tt: tier0 (1,200 steps)', 'dsp-tt: evaluation']);
  });
});

it('a terminal shows the loss barriers that are measured, and the time that the rest of them takes', () => {
  let written = '';
  const progress = new ProgressDisplay({ isTTY: true, columns: 100, write: (text) => (written += text) });
  progress.begin('dsp-tt');
  progress.onEvent({ type: 'barriers', done: 0, of: 4 });
  progress.onEvent({ type: 'barriers', done: 4, of: 4 });
  progress.onEvent({ type: 'phase', phase: 'evaluation', steps: 0 });
  expect(written).toMatch(/evaluation, loss barrier 4 of 4/);
  expect(written).toMatch(/loss -, 0 s left/);
});
