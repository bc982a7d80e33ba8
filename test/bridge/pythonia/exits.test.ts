import { z } from 'zod';
import { isRunning, temporaryDirectory, until, workerDirectories } from '../../builders';
import { startScript } from '../../zoo/script';

describe('the end of Node', () => {
  const temporary = temporaryDirectory();

  /** Start `owner.ts` and wait until it has a Python. */
  async function own(ending: string) {
    const script = startScript('owner.ts', temporary, [ending]);
    const { pid } = z.object({ pid: z.int().positive() }).parse(JSON.parse(await script.firstLine));
    return { ...script, pid };
  }

  async function nothingIsLeftOf(pid: number): Promise<void> {
    await until(() => !isRunning(pid));
    await until(() => workerDirectories(temporary).length === 0);
  }

  it.each(['serving', 'building'])(
    "by SIGKILL ends pythonia's Python, which is %s, and its directory",
    async (what) => {
      const { child, pid, ended } = await own(what);
      expect(isRunning(pid)).toBe(true);
      child.kill('SIGKILL');
      expect(await ended).toMatchObject({ signal: 'SIGKILL' });
      await nothingIsLeftOf(pid);
    },
  );

  it('by an uncaught exception leaves no Python and no directory', async () => {
    const { pid, ended } = await own('throw');
    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody catches this') });
    await nothingIsLeftOf(pid);
  });
});
