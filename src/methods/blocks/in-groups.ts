import { groupPhase } from '../../trust-tech/names';
import type { MethodContext } from '../method';

/** A network that does not depend on the others of its group. */
export interface Member {
  readonly name: string;
  /** Training steps that are meant for it. */
  readonly steps: number;
}

/**
 * Train networks that do not depend on each other: in turn, each in a phase of its own, or as one group in one phase, so
 * that they can be trained at once.
 * @param trainGroup makes the networks of a group and trains them; answers in their order
 */
export async function inGroups<M extends Member, T extends { readonly divergedAt: number | null }>(
  { config, report }: MethodContext,
  members: readonly M[],
  trainGroup: (group: readonly M[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const groups = config.membersAtOnce === 1 ? members.map((member) => [member]) : members.length > 0 ? [members] : [];
  const trained: T[] = [];
  for (const group of groups) {
    const steps = group.reduce((sum, member) => sum + member.steps, 0);
    report({ type: 'phase', phase: groupPhase(group.map(({ name }) => name)), steps });
    const ended = await trainGroup(group);
    for (const [k, { divergedAt }] of ended.entries()) report({ type: 'trained', network: group[k].name, divergedAt });
    trained.push(...ended);
  }
  return trained;
}
