import { METHODS } from '../../src/methods';
import { replay } from '../../src/run/replay';
import { TestSession } from './session';

const session = new TestSession();

/** While `work` goes on, whoever asks for the time, a random number or a timer gets an error. */
async function withoutClockAndChance<T>(work: () => Promise<T>): Promise<T> {
  const forbidden = (what: string) => () => {
    throw new Error(`a method asked for ${what}`);
  };
  const { Date: date } = globalThis;
  const spies = [
    jest.spyOn(Math, 'random').mockImplementation(forbidden('Math.random')),
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(forbidden('setTimeout')),
    jest.spyOn(crypto, 'getRandomValues').mockImplementation(forbidden('crypto.getRandomValues')),
    jest.spyOn(globalThis, 'Date').mockImplementation(forbidden('Date')),
  ];
  globalThis.Date.now = forbidden('Date.now');
  try {
    return await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
    expect(globalThis.Date).toBe(date);
  }
}

describe('a method takes neither clock nor chance, but what its executor answers', () => {
  it.each(Object.keys(METHODS))('%s', async (method) => {
    const { out, result } = await session.run({ method });
    const again = await withoutClockAndChance(() => replay(out));
    expect(again.assessment?.members).toMatchObject(result.members.map(({ name, sha256 }) => ({ name, sha256 })));
    expect(again.assessment?.result).toBe(result.result);
    expect(again.matched).toBe(again.recorded);
  });

  it('and the test would see it', async () => {
    await expect(withoutClockAndChance(async () => Math.random())).rejects.toThrow('asked for Math.random');
    await expect(withoutClockAndChance(async () => new Date())).rejects.toThrow('asked for Date');
    await expect(withoutClockAndChance(async () => Date.now())).rejects.toThrow('asked for Date.now');
  });
});
