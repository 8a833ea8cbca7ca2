// Fractional order keys of siblings: whether one holds, and which keys a place among siblings needs. Pure; never throws.
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';

/** Longer keys are treated as missing: they come from a fault or a prank, and a new key of the run is short again. */
const LONGEST = 200;
const CHARACTERS = /^[A-Za-z][0-9A-Za-z]*$/;

/** Whether `value` can stand as a bound of a new key. */
export function isOrderKey(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > LONGEST || !CHARACTERS.test(value)) return false;
  try {
    generateKeyBetween(value, null);
    return true;
  } catch {
    return false; // The library tells a malformed key only by throwing.
  }
}

/** A sibling as far as its place goes; `order` is a key or ''. */
export interface Ordered {
  readonly id: string;
  readonly order: string;
}

/** DD3: by key, then by id, in code units, the same on every computer. */
export function compareSiblings(a: Ordered, b: Ordered): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

export interface Placement {
  /** The key of what is placed. */
  readonly order: string;
  /** Siblings that must get another key first: they shared one key, so that nothing fits between them. */
  readonly rekeyed: readonly Ordered[];
}

function spread(lower: string | null, upper: string | null, run: readonly Ordered[]): Placement | null {
  try {
    const [order, ...keys] = generateNKeysBetween(lower, upper, run.length + 1);
    if (order === undefined || [order, ...keys].some((key) => key.length > LONGEST)) return null;
    return { order, rekeyed: run.map((sibling, at) => ({ id: sibling.id, order: keys[at] ?? '' })) };
  } catch {
    return null; // Keys at the very end of the alphabet leave no room.
  }
}

/**
 * The key for a place in `siblings` (sorted by compareSiblings, without the one to be placed), `index` from the start.
 * Equal keys, which two people produce by inserting in one gap, are told apart by new keys for the ones behind.
 */
export function placeAt(siblings: readonly Ordered[], index: number): Placement {
  const at = Math.min(Math.max(0, index), siblings.length);
  const left = siblings[at - 1]?.order ?? '';
  let end = at;
  while (end < siblings.length && (siblings[end]?.order ?? '') <= left) end += 1;
  const near = spread(left === '' ? null : left, siblings[end]?.order ?? null, siblings.slice(at, end));
  if (near) return near;
  // No room there: all of them get fresh keys, short ones.
  const keys = generateNKeysBetween(null, null, siblings.length + 1);
  const all = [...siblings.slice(0, at), null, ...siblings.slice(at)];
  const rekeyed: Ordered[] = [];
  let order = '';
  all.forEach((sibling, place) => {
    const key = keys[place] ?? '';
    if (sibling) rekeyed.push({ id: sibling.id, order: key });
    else order = key;
  });
  return { order, rekeyed };
}
