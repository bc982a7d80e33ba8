import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../../errors';

/** Values that can be passed to Python: JSON data and objects of Python. */
export type PythonValue =
  | null
  | boolean
  | number
  | string
  | PythonObject
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

/** JSON form of a `PythonValue`: an object of Python as `{ref}`, a dict as `{dict}`. */
type Encoded = null | boolean | number | string | Encoded[] | { ref: number } | { dict: Record<string, Encoded> };

const on = z.int().nonnegative();
const path = z.string();
const encoded = z.custom<Encoded>();

/** Requests of a script; `python/dsptt_worker/hosting/script_objects.py` documents each. */
export const objectRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('import'), module: z.string() }),
  z.strictObject({ type: z.literal('file'), path }),
  z.strictObject({ type: z.literal('get'), on, path }),
  z.strictObject({ type: z.literal('value'), on, path }),
  z.strictObject({ type: z.literal('set'), on, path, value: encoded }),
  z.strictObject({
    type: z.literal('call'),
    on,
    path,
    args: z.array(encoded),
    keywords: z.record(z.string(), encoded),
  }),
  z.strictObject({ type: z.literal('text'), on }),
]);
export type ObjectRequest = Readonly<z.infer<typeof objectRequest>>;

/** Reference number and class of an object of Python. */
export const found = z.strictObject({ ref: on, type: z.string() });
export type Found = Readonly<z.infer<typeof found>>;

/** Holds the objects of a script and answers requests about them. */
export interface ObjectStore {
  object(request: ObjectRequest): Promise<Found>;
  value(request: ObjectRequest): Promise<unknown>;
}

/** Access to Python that a model factory gets, to build its network. */
export interface Python {
  /**
   * Imports a module by its name: `await python('torch.nn')`.
   * @throws ConfigError with the Python traceback when Python raises; DataError on an OSError. Every call of this
   *   interface and of `PythonObject` throws these.
   */
  (module: string): Promise<PythonObject>;
  /** Runs a Python file as a module; a relative path starts at the current directory. */
  file(path: string): Promise<PythonObject>;
}

/**
 * A reference to an object that stays in Python. `path` selects an attribute or item, starting from the object: names
 * or indices between dots, such as `features.0.conv`. References are invalid once the factory has returned.
 */
export class PythonObject {
  /** Python class of the object, such as `torch.nn.modules.linear.Linear`. */
  readonly type: string;
  readonly #store: ObjectStore;
  readonly #ref: number;

  /** @internal Factories get their objects from `python`. */
  constructor(store: ObjectStore, { ref, type }: Found) {
    this.#store = store;
    this.#ref = ref;
    this.type = type;
  }

  /** Returns a reference to an attribute or item. */
  async get(path: string): Promise<PythonObject> {
    return this.#object({ type: 'get', on: this.#ref, path });
  }

  /** Sets an attribute or item, such as a network's head: `await net.set('output', head)`. */
  async set(path: string, value: PythonValue): Promise<void> {
    if (path === '') throw new ConfigError('set: the path must name what is set, got an empty one');
    await this.#store.value({ type: 'set', on: this.#ref, path, value: this.#encode(value, path) });
  }

  /** Calls a method, function or class with positional and keyword arguments; an empty path calls the object itself. */
  async call(
    path: string,
    args: readonly PythonValue[] = [],
    keywords: Readonly<Record<string, PythonValue>> = {},
  ): Promise<PythonObject> {
    const encoded = args.map((value, k) => this.#encode(value, `${path}, argument ${k + 1}`));
    const named = this.#encodeEntries(keywords, `${path}, `);
    return this.#object({ type: 'call', on: this.#ref, path, args: encoded, keywords: named });
  }

  /** Returns the value at the path as plain data: numbers, strings, lists, dicts (NaN and infinity become null). */
  async value(path = ''): Promise<unknown> {
    return this.#store.value({ type: 'value', on: this.#ref, path });
  }

  /** Returns the text that Python's `print` would show. */
  async text(): Promise<string> {
    return String(await this.#store.value({ type: 'text', on: this.#ref }));
  }

  /** @internal Returns the reference number. @throws ConfigError when the object belongs to another start of Python */
  refIn(store: ObjectStore): number {
    if (store === this.#store) return this.#ref;
    throw new ConfigError(`this ${this.type} is of an earlier start of Python: build it again in the factory`);
  }

  async #object(request: ObjectRequest): Promise<PythonObject> {
    return new PythonObject(this.#store, await this.#store.object(request));
  }

  #encode(value: unknown, where: string): Encoded {
    if (value instanceof PythonObject) return { ref: value.refIn(this.#store) };
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (Array.isArray(value)) return value.map((item, k) => this.#encode(item, `${where}[${k}]`));
    if (isPlain(value)) return { dict: this.#encodeEntries(value, `${where}.`) };
    const got = value instanceof Promise ? 'a promise (await it first)' : `${typeof value} ${String(value)}`;
    throw new ConfigError(`${where} must be plain data or an object of Python, got ${got}`);
  }

  #encodeEntries(values: Readonly<Record<string, unknown>>, where: string): Record<string, Encoded> {
    return Object.fromEntries(Object.entries(values).map(([key, item]) => [key, this.#encode(item, where + key)]));
  }
}

/** Creates the `python` argument of a model factory. */
export function pythonOf(store: ObjectStore): Python {
  const object = async (request: ObjectRequest) => new PythonObject(store, await store.object(request));
  return Object.assign((module: string) => object({ type: 'import', module }), {
    file: (path: string) => object({ type: 'file', path: resolve(path) }),
  });
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
