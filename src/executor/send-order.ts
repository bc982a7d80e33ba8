import type { Stretch } from './lane-plan';
import type { Pieces } from './program-cutter';

/** Messages on their way. */
export interface Sending<T> {
  /** Fulfilled, never rejected, once the last of them is out. */
  readonly sent: Promise<void>;
  readonly answers: Promise<T>;
}

/** Send one part after the other; after a failure none of those that follow. */
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
 * Send the pieces of several lanes. The next one is always of the lane that is least far, so that the order depends on the
 * lengths of pieces alone and a program's pieces are in theirs; of lanes that are equally far, the last one comes first, as
 * what it needs of the first one must not wait there behind other work. After a failure no further piece is sent.
 * @param plan the stretches of each lane, as `planLanes` answers them
 * @param pieces what cuts the stretches of each lane
 */
export function sendInTurns(
  plan: readonly (readonly Stretch[])[],
  pieces: readonly Pieces[],
  perform: (piece: Stretch, lane: number) => Promise<void>,
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
