// Order keys for what one writer puts in one place, one after another: two writers in one gap keep their runs apart. Pure; never throws.
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';
import { isOrderKey, placeAt, type Ordered } from './order.ts';

export interface RunPlacement {
  /** The keys of what is placed, rising. */
  readonly orders: readonly string[];
  /** Siblings that must get another key first. */
  readonly rekeyed: readonly Ordered[];
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Digits that name the writer: 62 to the fourth. */
const TAG_LENGTH = 4;
/** Closes a key, because none may end in '0'. */
const END = 'V';
/** A count as the library writes whole numbers: a letter that says how long it is, then its digits. */
const COUNT = /^(?:[a-d]|[W-Z])[0-9A-Za-z]{1,4}$/;

/** DD8: the digits that stand for a writer, made of the Yjs client id. */
export function writerTag(client: number): string {
  let rest = Math.abs(Math.trunc(Number.isFinite(client) ? client : 0));
  let tag = '';
  for (let at = 0; at < TAG_LENGTH; at += 1) {
    tag = DIGITS.charAt(rest % DIGITS.length) + tag;
    rest = Math.floor(rest / DIGITS.length);
  }
  return tag;
}

/**
 * Keys for `count` things behind one another at `index` of `siblings` (sorted by compareSiblings, without what is placed).
 * They go on from the writer's own run where one ends or begins there, so that a thousand in a row stay short; otherwise they begin
 * a run of their own, which nobody else's keys fall into by chance.
 */
export function placeRun(siblings: readonly Ordered[], index: number, count: number, client: number): RunPlacement {
  const at = Math.min(Math.max(0, index), siblings.length);
  const lower = keyOrNull(siblings[at - 1]);
  const upper = keyOrNull(siblings[at]);
  const parted = at === siblings.length || (upper !== null && (lower === null || lower < upper));
  if (parted && count > 0) {
    const tag = writerTag(client);
    const orders = goOn(lower, upper, count, tag) ?? begin(lower, upper, count, tag);
    if (orders) return { orders, rekeyed: [] };
  }
  return oneByOne(siblings, at, count);
}

function keyOrNull(sibling: Ordered | undefined): string | null {
  return sibling === undefined || sibling.order === '' ? null : sibling.order;
}

/** The next keys of the writer's own run that ends on the left or begins on the right; null where there is none, or no room. */
function goOn(lower: string | null, upper: string | null, count: number, tag: string): readonly string[] | null {
  const left = lower === null ? null : runOf(lower, tag);
  if (left) return fitting(keysOf(left.base, left.count, null, count), lower, upper);
  const right = upper === null ? null : runOf(upper, tag);
  return right ? fitting(keysOf(right.base, null, right.count, count), lower, upper) : null;
}

function begin(lower: string | null, upper: string | null, count: number, tag: string): readonly string[] | null {
  try {
    return fitting(keysOf(generateKeyBetween(lower, upper) + tag, null, null, count), lower, upper);
  } catch {
    return null; // Keys at the very end of the alphabet leave no room.
  }
}

function keysOf(base: string, after: string | null, before: string | null, count: number): readonly string[] {
  try {
    return generateNKeysBetween(after, before, count).map((one) => base + one + END);
  } catch {
    return [];
  }
}

/** The run that a key belongs to, if it is this writer's; the last place where the tag could stand counts. */
function runOf(key: string, tag: string): { readonly base: string; readonly count: string } | null {
  if (!key.endsWith(END)) return null;
  const at = key.lastIndexOf(tag);
  if (at < 2) return null;
  const base = key.slice(0, at + TAG_LENGTH);
  const count = key.slice(at + TAG_LENGTH, -1);
  return COUNT.test(count) && isOrderKey(count) ? { base, count } : null;
}

function fitting(orders: readonly string[], lower: string | null, upper: string | null): readonly string[] | null {
  if (orders.length === 0) return null;
  let before = lower;
  for (const order of orders) {
    if (!isOrderKey(order) || (before !== null && order <= before)) return null;
    before = order;
  }
  return upper !== null && before !== null && before >= upper ? null : orders;
}

/** Where keys are equal or leave no room: siblings get new ones, as placeAt() says. */
function oneByOne(siblings: readonly Ordered[], at: number, count: number): RunPlacement {
  const places: Ordered[] = [...siblings];
  const moved = new Map<string, string>();
  for (let more = 0; more < count; more += 1) {
    const { order, rekeyed } = placeAt(places, at + more);
    const keys = new Map(rekeyed.map((one) => [one.id, one.order]));
    for (const [place, one] of places.entries()) {
      const key = keys.get(one.id);
      if (key === undefined) continue;
      places[place] = { id: one.id, order: key };
      moved.set(one.id, key);
    }
    places.splice(at + more, 0, { id: `~${String(more)}`, order });
  }
  const orders = places.slice(at, at + count).map((one) => one.order);
  const known = new Set(siblings.map((one) => one.id));
  return { orders, rekeyed: [...moved].filter(([id]) => known.has(id)).map(([id, order]) => ({ id, order })) };
}
