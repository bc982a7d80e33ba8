import { type Deceived, deceiveClient } from './hostile-answers';
import { type Attack, attackWorker } from './hostile-clients';
import type { FaultOptions } from './options';

const MAX_GROWN_MIB = 64;

/** Hostile messages for a live worker, then for live clients: so many for each. */
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

/** Whether every message got its answer, none surprised the worker, and it stayed as large as it was. */
export function isUnharmed({ messages, answers, unforeseen, grownMiB, exit }: Attack): boolean {
  return (
    messages === answers &&
    unforeseen.length === 0 &&
    grownMiB <= MAX_GROWN_MIB &&
    exit.code === 0 &&
    exit.output === ''
  );
}

/** Whether nothing but right answers and typed errors came of lies. */
export function isUndeceived({ findings, grownMiB }: Deceived): boolean {
  return findings.length === 0 && grownMiB <= MAX_GROWN_MIB;
}
