import type { ConfigInput } from '../../src/config/schema';
import { METHODS, SECTIONS } from '../../src/methods';
import { TestSession } from './session';

const session = new TestSession();

/** A value other than tinyConfig's in every part that is of some methods alone. */
const OTHER: Readonly<Record<string, ConfigInput>> = {
  dspTt: { dspTt: { tierShare: 0.5, rho2TimesLr: 0.2, memberLrTimes: 0.5 } },
  randomJump: { randomJump: { length: 0.5 } },
  independent: { independent: { members: 2 } },
  snapshot: { snapshot: { lr: 0.1 } },
  fge: { fge: { lrMax: 0.02 } },
  swa: { swa: { start: 0.5, lrTimes: 0.2 } },
  horizontal: { horizontal: { members: 2 } },
  csgMcmc: { csgMcmc: { lr: 0.2 } },
};
const quick = { budget: { steps: 100 }, dspTt: { rho1: { increment: 0.2 } } };
/** What makes a method read a part that it only reads when told to. */
const asked = (method: string) => (['dsp-tt', 'random-jump'].includes(method) ? { averageMembers: true } : {});

async function networks(method: string, values: ConfigInput) {
  const dspTt = { ...quick.dspTt, ...asked(method), ...values.dspTt };
  const { result } = await session.run({ ...quick, ...values, method, dspTt });
  return result.members.map(({ sha256 }) => sha256);
}

describe.each(Object.entries(METHODS))('%s', (method, { reads: own }) => {
  const reads: readonly string[] = own;
  it('makes other networks for another value of a part that it reads, and the same for all that it does not', async () => {
    const unread = SECTIONS.filter((section) => !reads.includes(section)).map((section) => OTHER[section]);
    const before = await networks(method, {});
    expect(await networks(method, Object.assign({}, ...unread))).toEqual(before);
    for (const section of reads)
      expect([section, await networks(method, OTHER[section])]).not.toEqual([section, before]);
  });
});
