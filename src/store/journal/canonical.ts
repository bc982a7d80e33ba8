import { createHash } from 'node:crypto';

/** Key under which a number that JSON lacks is written; an object's own key of that name gets another `$` in front. */
const KEY = '$number';
const OWN_KEY = /^\$+number$/;

/**
 * Returns JSON with sorted keys in which every number survives (NaN, infinities, -0). Two texts are equal exactly if
 * their values are.
 */
export function canonical(value: unknown): string {
  return JSON.stringify(prepared(value)) ?? 'null';
}

/** Parses the output of `canonical`; null if the text is not JSON although its checksum is right. */
function parseCanonical(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) => (isPlain(value) ? restored(value) : value));
  } catch {
    return null;
  }
}

function prepared(value: unknown): unknown {
  if (typeof value === 'number') {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return { [KEY]: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (Array.isArray(value)) return value.map(prepared);
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, inner]) => [OWN_KEY.test(key) ? `$${key}` : key, prepared(inner)]));
}

function restored(value: Readonly<Record<string, unknown>>): unknown {
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === KEY) return Number(value[KEY]);
  if (!keys.some((key) => OWN_KEY.test(key))) return value;
  return Object.fromEntries(keys.map((key) => [OWN_KEY.test(key) ? key.slice(1) : key, value[key]]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const SEAL_BYTES = 26; // ,"sum":"0123456789abcdef"}
const SEAL = /^,"sum":"([0-9a-f]{16})"\}$/;

/** Returns an object as canonical JSON whose last key, `sum`, is a checksum over the rest. */
export function sealed(value: object): string {
  const body = canonical(value);
  return `${body.slice(0, -1)},"sum":"${checksum(body)}"}`;
}

/** Parses the output of `sealed`; returns null if any byte has changed. */
export function unsealed(bytes: Buffer): unknown {
  const at = Math.max(0, bytes.length - SEAL_BYTES);
  const [, sum] = SEAL.exec(bytes.toString('latin1', at)) ?? [];
  const body = Buffer.concat([bytes.subarray(0, at), Buffer.from('}')]);
  return sum !== undefined && checksum(body) === sum ? parseCanonical(body.toString('utf8')) : null;
}

function checksum(body: string | Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}
