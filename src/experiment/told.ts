import type { Requests } from '../bridge/worker';
import type { Watch } from './replay';

/** Requests that somebody is told of, as they are made; without anybody, the requests themselves. */
export function told(requests: Requests, onCommand: Watch['onCommand'] | undefined): Requests {
  if (onCommand === undefined) return requests;
  return {
    request: (op, args, lane) => {
      const answer = requests.request(op, args, lane);
      onCommand(op, args, answer);
      return answer;
    },
  };
}
