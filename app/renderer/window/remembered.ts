// Small things that this window's profile remembers between starts (widths, collapsed rows); never document content.

/** A value under a key of the browser's own storage; what cannot be read or written is simply not remembered. */
export class Remembered<T> {
  readonly #key: string;
  readonly #read: (value: unknown) => T;

  /** `read` turns anything that was stored (or null) into a T. */
  constructor(key: string, read: (value: unknown) => T) {
    this.#key = `caravan.${key}`;
    this.#read = read;
  }

  get(): T {
    try {
      return this.#read(JSON.parse(localStorage.getItem(this.#key) ?? 'null'));
    } catch {
      return this.#read(null); // Storage is switched off, or holds something else: the default is right.
    }
  }

  set(value: T): void {
    try {
      localStorage.setItem(this.#key, JSON.stringify(value));
    } catch {
      return; // Full or switched off: the choice holds for this window alone.
    }
  }
}

export function oneOf<T extends string>(...allowed: readonly [T, ...T[]]): (value: unknown) => T {
  return (value) => allowed.find((one) => one === value) ?? allowed[0];
}

export function strings(limit: number): (value: unknown) => readonly string[] {
  return (value) =>
    Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string').slice(0, limit) : [];
}
