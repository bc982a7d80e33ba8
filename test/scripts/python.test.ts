import fs from 'node:fs';
import { Checkout, untilPrinted } from './checkout';

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout('python.js');
});
afterEach(() => checkout.remove());

describe('scripts/python.js', () => {
  it('says what to do where the set-up has not been run', async () => {
    const ran = await checkout.run(['-V']);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('run `npm run setup` first') });
  });

  it('says so where DSPTT_PYTHON is no program', async () => {
    const ran = await checkout.run(['-V'], { DSPTT_PYTHON: '/nowhere/python' });
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('/nowhere/python cannot be run') });
  });

  it('runs .venv/bin/python at the root with the arguments given, and hands its exit code on', async () => {
    fs.mkdirSync(checkout.path('.venv/bin'), { recursive: true });
    fs.copyFileSync(checkout.fake('python', 'echo "$PWD: $*"; exit 3'), checkout.path('.venv/bin/python'));
    const ran = await checkout.run(['-m', 'pytest']);
    expect(ran).toEqual({ code: 3, stdout: `${fs.realpathSync(checkout.root)}: -m pytest\n`, stderr: '' });
  });

  it('hands a signal on and ends by it', async () => {
    const python = checkout.fake('own-python', 'echo started; exec /bin/sleep 1000');
    const running = checkout.start([], { DSPTT_PYTHON: python });
    await untilPrinted(running, 'started');
    running.child.kill('SIGTERM');
    await running.ended;
    expect(running.child.signalCode).toBe('SIGTERM');
  });
});
