/** Consecutive steps of a program, from `from` to before `to`. */
export interface Stretch {
  readonly program: number;
  readonly from: number;
  readonly to: number;
}

/** A part of a lane's steps for which a program is not taken to another one. */
const NOT_WORTH_A_MOVE = 0.05;

/**
 * Who makes which steps, so that all lanes end at about the same time and each program's steps are made in their order
 * (McNaughton 1959): lanes are filled one after the other, and a program that does not fit what is left of a lane begins in
 * the next one, as the first thing there, and ends in this one, as the last.
 * @param lengths steps of each program
 * @returns the stretches of each lane in order; as many lanes as are of use
 */
export function planLanes(lengths: readonly number[], lanes: number): Stretch[][] {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const share = Math.max(...lengths, Math.ceil(total / lanes));
  const plan: Stretch[][] = [[]];
  let room = share;
  for (const [program, length] of lengths.entries()) {
    const next = takes(length, room, share);
    const isLast = plan.length === lanes;
    const here = isLast ? length : next;
    const lane = plan[plan.length - 1];
    if (here > 0) lane.push({ program, from: length - here, to: length });
    room -= here;
    if (here === length) continue;
    plan.push([{ program, from: 0, to: length - here }]);
    room = share - (length - here);
  }
  return plan;
}

/** How many of a program's steps go into what is left of a lane: none or all where the rest would be a trifle. */
function takes(length: number, room: number, share: number): number {
  const trifle = NOT_WORTH_A_MOVE * share;
  if (length <= room + trifle) return length;
  return room <= trifle ? 0 : room;
}
