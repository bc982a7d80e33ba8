/** Consecutive steps of a program, from `from` to before `to`. */
export interface LaneStretch {
  readonly program: number;
  readonly from: number;
  readonly to: number;
}

/** Fraction of a lane's steps below which splitting a program between lanes does not pay. */
const NOT_WORTH_A_MOVE = 0.05;

/**
 * Distributes programs over lanes, so that all lanes end at about the same time and each program's steps stay in order
 * (McNaughton 1959): lanes are filled one after the other. A program that does not fit the rest of a lane is split: its
 * first steps are the first of the next lane, its last steps the last of this one.
 * @param lengths steps of each program
 * @param lanes most lanes
 * @returns the stretches of each lane in order, without empty lanes at the end
 */
export function planLanes(lengths: readonly number[], lanes: number): LaneStretch[][] {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const share = Math.max(...lengths, Math.ceil(total / lanes));
  const plan: LaneStretch[][] = [[]];
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

/** Returns how many of a program's steps go into the rest of a lane: no split where one part would be negligible. */
function takes(length: number, room: number, share: number): number {
  const trifle = NOT_WORTH_A_MOVE * share;
  if (length <= room + trifle) return length;
  return room <= trifle ? 0 : room;
}
