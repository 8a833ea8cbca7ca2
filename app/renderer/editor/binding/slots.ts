// Slots for fragments that must stand behind another one in view order. Writes slots only; which fragments move is not its matter.
import { generateNKeysBetween } from 'fractional-indexing';
import type { Fragment } from '../../../../shared/model/page/fragments.ts';
import type { Slot } from '../../../../shared/model/page/marker.ts';
import type { Place } from '../../../../shared/model/page/view-order.ts';
import { slotAnchor, type Mirror } from './mirror.ts';

/** Longer keys are replaced by fresh short ones for the whole place. */
const LONG_KEY = 96;

/**
 * Before a marker is put into a fragment's content: fragments that stand at its place by a deleted anchor (the nearest live marker
 * to the left counts) would go to the new marker's place, past others. They are named after the place where they stand.
 */
export function holdPlace(mirror: Mirror, fragment: Fragment): void {
  const place = fragment.marker ? fragment : null;
  const after = place && slotAnchor(place);
  for (const other of mirror.order.places.get(place) ?? []) {
    const slot = other.props?.slot;
    if (!slot || (slot.after?.[0] === after?.[0] && slot.after?.[1] === after?.[1])) continue;
    mirror.set(other, { slot: { after, key: slot.key } });
  }
}

/** The slot for a fragment that is put physically behind `tail`, or null when the physical place is enough. */
export function slotBehind(mirror: Mirror, tail: Fragment): Slot | null {
  return slotsWhereNeeded(mirror, tail, 1)?.[0] ?? null;
}

/** The slots for fragments that are put physically behind `tail`, one behind the other, or null when that place is enough. */
export function slotsWhereNeeded(mirror: Mirror, tail: Fragment, count: number): Slot[] | null {
  const { places, placeOf } = mirror.order;
  const own = tail.marker ? tail : null;
  return placeOf.has(tail) || places.has(own) ? slotsBehind(mirror, tail, count) : null;
}

/**
 * Slots for `count` fragments that shall stand directly behind `tail` (null: at the start of the page), in this order.
 * `moving` are the fragments that will get them: they do not count where they stand now. Where keys leave no room between two
 * neighbours (equal keys, keys of a foreign alphabet), the neighbours of that place get fresh keys.
 */
export function slotsBehind(
  mirror: Mirror,
  tail: Fragment | null,
  count: number,
  moving: ReadonlySet<Fragment> = new Set(),
): Slot[] {
  const { places, placeOf } = mirror.order;
  const moved = tail !== null && placeOf.has(tail);
  const place: Place = moved ? (placeOf.get(tail) ?? null) : tail?.marker ? tail : null;
  const there = (places.get(place) ?? []).filter((fragment) => !moving.has(fragment) || fragment === tail);
  const at = moved ? there.indexOf(tail) + 1 : 0;
  const after = place && slotAnchor(place);
  const keys = keysBetween(keyOf(there[at - 1]), keyOf(there[at]), count);
  if (keys) return keys.map((key) => ({ after, key }));
  const fresh = generateNKeysBetween(null, null, there.length + count);
  for (const [index, fragment] of there.entries()) {
    mirror.set(fragment, { slot: { after, key: fresh[index < at ? index : index + count] ?? '' } });
  }
  return fresh.slice(at, at + count).map((key) => ({ after, key }));
}

/**
 * Before a marker goes: fragments that stand at its place will stand at the place before it. Gives them keys behind those that
 * stand there already, if theirs would mix.
 */
export function handOverPlace(mirror: Mirror, fragment: Fragment): void {
  const { places } = mirror.order;
  const leaving = (places.get(fragment) ?? []).filter((other) => other !== fragment);
  if (leaving.length === 0) return;
  const before = mirror.before(fragment);
  const heir: Place = before?.marker ? before : null;
  const there = (places.get(heir) ?? []).filter((other) => other !== fragment);
  const last = keyOf(there.at(-1));
  if (last === null || last < (keyOf(leaving[0]) ?? '')) return;
  const after = heir && slotAnchor(heir);
  const keys = keysBetween(last, null, leaving.length);
  const all = keys ? leaving : [...there, ...leaving];
  const fresh = keys ?? generateNKeysBetween(null, null, all.length);
  for (const [index, other] of all.entries()) mirror.set(other, { slot: { after, key: fresh[index] ?? '' } });
}

function keyOf(fragment: Fragment | undefined): string | null {
  return fragment?.props?.slot?.key ?? null;
}

/** Keys between two others, or null where there is no room or a neighbour is no key of ours. */
function keysBetween(low: string | null, high: string | null, count: number): string[] | null {
  if (low !== null && high !== null && low >= high) return null;
  try {
    const keys = generateNKeysBetween(low, high, count);
    return keys.every((key) => key.length < LONG_KEY) ? keys : null;
  } catch {
    // The library throws on keys that it did not make; peers may have written any text.
    return null;
  }
}
