import { decode, encode } from '@msgpack/msgpack';
import { LIMITS } from '../../src/bridge/wire/operation';
import { Dice } from './dice';

/** Frames of a message. */
export type Frames = readonly Uint8Array[];

/** A hostile message, and the good one from which it was derived. */
export interface Message {
  readonly frames: Frames;
  /** Index of the good message; undefined for random bytes. */
  readonly made: number | undefined;
}

/** Number of messages of a block: its values and its damage depend on the run's seed and the block's number alone. */
export const BLOCK = 65_536;
const VARIANTS = 2048;
const DEEP = 200;

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let k = 0; k < depth; k += 1) value = k % 2 === 0 ? [value] : { x: value };
  return value;
}

/** Replacements for a field. */
const ODD: readonly unknown[] = [
  ...[null, true, false, 0, -0, 1, -1, 1.5, 255, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 53, 2 ** 63, -(2 ** 63)],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MIN_VALUE, 1e300],
  ...['', 'a', '\0', '__proto__', 'constructor', '../../etc/passwd', '💥', 'x'.repeat(201), 'x'.repeat(5000)],
  ...[
    [],
    {},
    [[]],
    [null],
    { x: null },
    new Array(100).fill(0),
    new Array(65).fill({}),
    JSON.parse('{"__proto__": 1}'),
  ],
  ...[nested(10), nested(LIMITS.headerDepth), nested(90), Uint8Array.of(1, 2, 3), new Date(0), 1n << 63n, -1n],
];
/** Bytes with a special meaning in msgpack: types, and the ends of their ranges. */
const MEANINGFUL = [0, 1, 0x7f, 0x80, 0x81, 0x8f, 0x90, 0x91, 0x9f, 0xa0, 0xa1, 0xbf, 0xe0, 0xff].concat(
  Array.from({ length: 32 }, (_, k) => 0xc0 + k),
);
/** Claims of four billion elements, pairs, letters and bytes. */
const CLAIMS = [0xdd, 0xdf, 0xdb, 0xc6, 0xc9].map((type) => [type, 0xff, 0xff, 0xff, 0xff]);

/**
 * Derives hostile messages from good ones, quickly: a block begins with some 2000 variants of their fields, whose bytes
 * and frames are then damaged further.
 */
export class Hostile {
  readonly #good: readonly Frames[];
  readonly #seed: number;
  #dice = new Dice(0);
  #variants: readonly Message[] = [];
  #left = 0;
  #block: number;

  constructor(good: readonly Frames[], seed: number, firstBlock = 0) {
    this.#good = good;
    this.#seed = seed;
    this.#block = firstBlock - 1;
  }

  /** Block of the last message. */
  get block(): number {
    return this.#block;
  }

  next(): Message {
    if (this.#left === 0) this.#begin();
    this.#left -= 1;
    const dice = this.#dice;
    if (dice.isOneIn(16)) return { frames: this.#random(), made: undefined };
    const message = dice.isOneIn(4) ? this.#pickGood() : dice.pick(this.#variants);
    const { frames, made } = message;
    if (dice.isOneIn(8)) return { frames: this.#withOtherFrames(frames), made };
    if (dice.isOneIn(4)) return message;
    return { frames: [this.#damaged(frames[0]), ...frames.slice(1)], made };
  }

  #begin(): void {
    this.#block += 1;
    this.#left = BLOCK;
    this.#dice = new Dice(this.#seed, this.#block);
    this.#variants = Array.from({ length: VARIANTS }, () => this.#variant());
  }

  /** Returns a good message with one to three fields replaced, left out or added. */
  #variant(): Message {
    const { frames, made } = this.#pickGood();
    const [head, ...tensors] = frames;
    const header = decode(head);
    for (let k = this.#dice.below(3); k >= 0; k -= 1) changeField(header, this.#dice);
    return { frames: [encode(header, { useBigInt64: true, maxDepth: DEEP }), ...tensors], made };
  }

  #pickGood(): Message {
    const made = this.#dice.below(this.#good.length);
    return { frames: this.#good[made], made };
  }

  #random(): Frames {
    const dice = this.#dice;
    return Array.from({ length: dice.below(4) }, () => dice.bytes(dice.below(dice.isOneIn(8) ? 400 : 24)));
  }

  #withOtherFrames(frames: Frames): Frames {
    const dice = this.#dice;
    const [head, ...tensors] = frames;
    const at = dice.below(tensors.length + 1);
    const tensor = tensors[at] ?? dice.bytes(8);
    const other = dice.pick([
      () => [...tensors.slice(0, at), ...tensors.slice(at + 1)],
      () => [...tensors.slice(0, at), tensor, ...tensors.slice(at)],
      () => tensors.with(Math.min(at, tensors.length - 1), tensor.subarray(0, dice.below(tensor.length + 1))),
      () => tensors.with(Math.min(at, tensors.length - 1), Uint8Array.of(...tensor.subarray(0, 64), 0)),
      () => tensors.toReversed(),
      () =>
        dice.isOneIn(8) ? new Array(LIMITS.frames + 1 + dice.below(3)).fill(new Uint8Array(0)) : [head, ...tensors],
    ]);
    return [head, ...(tensors.length === 0 ? [tensor] : other())];
  }

  #damaged(bytes: Uint8Array): Uint8Array {
    const dice = this.#dice;
    const at = dice.below(bytes.length + 1);
    switch (dice.below(8)) {
      case 0:
        return bytes.slice(0, at);
      case 1:
        return joined(bytes.subarray(0, at), dice.bytes(1 + dice.below(6)), bytes.subarray(at));
      case 2: {
        const from = dice.below(bytes.length + 1);
        return joined(bytes.subarray(0, at), bytes.subarray(from, from + dice.below(40)), bytes.subarray(at));
      }
      case 3:
        return joined(bytes.subarray(0, at), dice.pick(CLAIMS), bytes.subarray(at));
      case 4: {
        const depth = dice.below(dice.isOneIn(64) ? 20_000 : 60);
        return joined(bytes.subarray(0, at), new Uint8Array(depth).fill(dice.pick([0x81, 0x91])), bytes.subarray(at));
      }
      default: {
        const damaged = bytes.slice();
        for (let k = dice.below(3); k >= 0; k -= 1) {
          damaged[dice.below(bytes.length)] = dice.isOneIn(2) ? dice.pick(MEANINGFUL) : dice.below(256);
        }
        return damaged;
      }
    }
  }
}

/** Replaces, removes, adds or repeats something anywhere in a value. */
function changeField(value: unknown, dice: Dice): void {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return;
  const keys = Object.keys(value);
  const key = keys.length > 0 ? dice.pick(keys) : 'x';
  const inner: unknown = Reflect.get(value, key);
  if (inner !== null && typeof inner === 'object' && !dice.isOneIn(3)) {
    changeField(inner, dice);
    return;
  }
  switch (dice.below(6)) {
    case 0:
      Reflect.deleteProperty(value, key);
      return;
    case 1:
      Reflect.set(value, dice.pick(['x', '1', 'constructor', 'x'.repeat(300)]), structuredClone(dice.pick(ODD)));
      return;
    case 2:
      if (Array.isArray(value)) value.push(inner);
      else Reflect.set(value, key, typeof inner === 'number' ? inner + dice.pick([-1, 1, 0.5]) : [inner, inner]);
      return;
    default:
      Reflect.set(value, key, structuredClone(dice.pick(ODD)));
  }
}

function joined(...parts: readonly ArrayLike<number>[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
