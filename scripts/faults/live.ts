import { type Deceived, deceiveClient } from './hostile-answers';
import { type Attack, attackWorker } from './hostile-clients';
import type { FaultOptions } from './options';

const MAX_GROWN_MIB = 64;

/** Sends `rounds` hostile messages to a live worker, then as many to live clients. */
export async function run({ rounds = 100_000, seed, firstBlock }: FaultOptions): Promise<boolean> {
  const attack = await attackWorker(rounds, seed, firstBlock);
  const { goodRequests, unforeseen, exit } = attack;
  console.log(
    `worker: ${attack.messages} messages, ${attack.answers} answers, ${goodRequests} good requests answered right; ` +
      `memory grew by ${attack.grownMiB.toFixed(1)} MiB; ${attack.seconds.toFixed(0)} s; exit code ${exit.code}` +
      [...unforeseen, exit.output]
        .filter(Boolean)
        .map((text) => `\n  ${text}`)
        .join(''),
  );
  const deceived = await deceiveClient(rounds, seed, firstBlock);
  const { sessions, right, refused, broken, findings } = deceived;
  console.log(
    `client: ${deceived.messages} messages in ${sessions} sessions, ${right} requests answered right, ${refused} ended ` +
      `with a typed error, ${broken} sessions given up; memory grew by ${deceived.grownMiB.toFixed(1)} MiB; ` +
      `${deceived.seconds.toFixed(0)} s${findings.map((text) => `\n  ${text}`).join('')}`,
  );
  return isUnharmed(attack) && isUndeceived(deceived);
}

/** True if every message got its answer, none surprised the worker, and its memory did not grow beyond the limit. */
export function isUnharmed({ messages, answers, unforeseen, grownMiB, exit }: Attack): boolean {
  return (
    messages === answers &&
    unforeseen.length === 0 &&
    grownMiB <= MAX_GROWN_MIB &&
    exit.code === 0 &&
    exit.output === ''
  );
}

/** True if lies led only to right answers and typed errors. */
export function isUndeceived({ findings, grownMiB }: Deceived): boolean {
  return findings.length === 0 && grownMiB <= MAX_GROWN_MIB;
}
