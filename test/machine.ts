import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Processes that run, zombies left out. */
export function processes(): { pid: number; parent: number; command: string }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** Wait until something is so that sends no event: the end of a process that is not our child. The test's time limit ends it. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(50);
}

/** A port that is free, and the next one too. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const next = net.createServer().listen(port + 1, '127.0.0.1');
  const isFree = await Promise.race([once(next, 'listening').then(() => true), once(next, 'error').then(() => false)]);
  await Promise.all([server, next].map((one) => new Promise((resolve) => one.close(resolve))));
  return isFree && port < 65_535 ? port : freePort();
}
