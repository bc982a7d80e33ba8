import { z } from 'zod';
import { ConfigError, DivergedError } from '../errors';
import { SCHEDULES } from '../schedules';
import { equalParts } from '../trust-tech/budget';
import { dataStream, initStream, memberName } from '../trust-tech/names';
import { trainToBest } from './blocks/early-stopping';
import { inGroups } from './blocks/in-groups';
import { type ConfigWith, ensembleOf, isUsable, type Method, type MethodFile, trainedCandidate } from './method';

const options = {
  independent: z
    .strictObject({
      members: z.int().min(1).max(100).default(6).describe('networks'),
      budgets: z.int().min(1).max(100).default(1).describe('whole budgets spent in all, in equal parts on the members'),
    })
    .prefault({})
    .describe('networks trained one by one from scratch'),
};

/** Networks trained from scratch, each from an initialisation and a data order of its own (a deep ensemble). */
const run: Method<ConfigWith<typeof options>> = async (context) => {
  const { executor, config, steps } = context;
  const { members, budgets } = config.independent;
  const { lr, schedule } = config.localSolver;
  if (steps * budgets < members) {
    throw new ConfigError(
      `budget of ${steps * budgets} steps is too small: it leaves less than a step for each of ${members} members`,
    );
  }
  const shares = equalParts(steps * budgets, members);
  const planned = shares.map((share, k) => ({ name: memberName(k + 1), steps: share }));
  const trained = await inGroups(context, planned, async (group) => {
    for (const { name } of group) await executor.newPoint(name, initStream(name));
    return trainToBest(
      context,
      group.map(({ name, steps: share }) => ({
        point: name,
        stream: dataStream(name),
        lr: SCHEDULES[schedule](lr, share),
      })),
    );
  });
  const candidates = planned.map(({ name }, k) => trainedCandidate(name, trained[k].divergedAt));
  if (!candidates.some(isUsable)) throw new DivergedError(`all ${members} networks diverged (lr0 is ${lr})`);
  const ensembles = [ensembleOf('independent', candidates)];
  return {
    candidates,
    ensembles,
    result: 'independent',
    spent: { steps: steps * budgets, tier0: 0, search: 0 },
    traces: trained.map(({ trace }) => trace),
  };
};

export const method = {
  run,
  title: 'independent',
  options,
  reads: ['independent'],
  smoke: { independent: { members: 2 } },
  takesTier0: false,
  takesEma: true,
  stopsEarly: true,
  networks: ({ independent: { members } }) => members,
} as const satisfies MethodFile<typeof options>;
