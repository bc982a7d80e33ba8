import type { LaneStretch } from './lane-plan';
import type { Pieces } from './program-cutter';

/** Messages that are being sent. */
export interface Sending<T> {
  /** Resolves, and never rejects, when the last message is sent. */
  readonly sent: Promise<void>;
  readonly answers: Promise<T>;
}

/** Sends one part after the other, and stops after a failure. */
export function sendInOrder<T>(parts: readonly (() => Sending<T>)[]): Sending<T[]> {
  const answers: Promise<T>[] = [];
  let hasFailed = false;
  const sendAll = async () => {
    for (const part of parts) {
      if (hasFailed) return;
      const sending = part();
      sending.answers.catch(() => {
        hasFailed = true;
      });
      answers.push(sending.answers);
      await sending.sent;
    }
  };
  const sent = sendAll();
  return { sent, answers: sent.then(() => Promise.all(answers)) };
}

/**
 * Sends the pieces of several lanes. The next piece is always of the lane with the fewest steps sent, so that the order
 * depends only on the lengths of pieces, and each program's pieces stay in order. Among equal lanes the last one comes
 * first: states that it fetches from the first lane must not wait there behind other work. It stops after a failure.
 * @param plan the stretches of each lane, from `planLanes`
 * @param pieces the cutter of each lane
 */
export function sendInTurns(
  plan: readonly (readonly LaneStretch[])[],
  pieces: readonly Pieces[],
  perform: (piece: LaneStretch, lane: number) => Promise<void>,
): Sending<unknown> {
  const lanes = plan.map((stretches, lane) => ({
    lane,
    left: stretches.map((stretch) => ({ ...stretch })),
    steps: 0,
    answers: [] as Promise<void>[],
  }));
  const sendAll = async () => {
    for (;;) {
      const working = lanes.filter(({ left }) => left.length > 0);
      const least = Math.min(...working.map(({ steps }) => steps));
      const next = working.findLast(({ steps }) => steps === least);
      if (next === undefined) return;
      const { lane, left, answers } = next;
      await answers.at(-pieces[lane].ahead);
      const { program, from, to } = left[0];
      const { steps, answer } = await pieces[lane].next(to - from, (length) =>
        perform({ program, from, to: from + length }, lane),
      );
      answers.push(answer);
      next.steps += steps;
      left[0].from += steps;
      if (left[0].from === to) left.shift();
    }
  };
  const sent = sendAll().catch(() => {});
  return { sent, answers: sent.then(() => Promise.all(lanes.flatMap(({ answers }) => answers))) };
}
