// How far a member has looked at the cards of a board (docs/documents.md, PS9): a document for each board, so that a large one does not weigh on the others. Others never see it.
import * as Y from 'yjs';
import { isDeviceId, isDocumentId, readMeta } from '../document/meta.ts';
import { seenOf } from '../document/roots.ts';
import type { PersonalMatter } from './personal.ts';
import { LONGEST_VECTOR } from './seen.ts';

type Clocks = ReadonlyMap<number, number>;

export interface SeenOfBoard {
  /** What stood there when any of the member's devices left the board first, or all was marked as read; and what they wrote themselves. */
  readonly board: Clocks;
  /** By card, of those that were opened since. */
  readonly cards: ReadonlyMap<string, Clocks>;
}

/** Which document of the member's it is. */
export function cardsMatter(board: string): PersonalMatter {
  return `cards_${board}`;
}

const OWN = 'own/';
const LONGEST_OF_CARD = 4_096;
const MOST_ENTRIES = 100_000;

/** Vectors that were decoded before, by their bytes: of thousands that are read again at each change only the new ones are decoded. */
export type DecodedVectors = WeakMap<Uint8Array, Clocks>;

/** What any of the member's devices has seen counts. Null where none has left the board yet. Total. */
export function readSeenCards(doc: Y.Doc, decoded: DecodedVectors = new WeakMap()): SeenOfBoard | null {
  if (readMeta(doc)?.kind !== 'personal') return null;
  const board = new Map<number, number>();
  const cards = new Map<string, Map<number, number>>();
  let left = false;
  let entries = 0;
  for (const [key, value] of seenOf(doc).entries()) {
    entries += 1;
    if (entries > MOST_ENTRIES) break;
    if (key.startsWith(OWN)) {
      const client = Number(key.slice(OWN.length));
      if (Number.isSafeInteger(client) && typeof value === 'number') join(board, new Map([[client, value]]));
      continue;
    }
    const [device, card, ...rest] = key.split('/');
    if (!isDeviceId(device) || rest.length > 0) continue;
    const clocks = decode(value, card === undefined ? LONGEST_VECTOR : LONGEST_OF_CARD, decoded);
    if (!clocks) continue;
    if (card === undefined) {
      left = true;
      join(board, clocks);
    } else if (isDocumentId(card)) {
      const known = cards.get(card) ?? new Map<number, number>();
      cards.set(card, known);
      join(known, clocks);
    }
  }
  return left ? { board, cards } : null;
}

/** All that stands on the board counts as seen. What was said of its cards before is in that. */
export function markBoardSeen(doc: Y.Doc, device: string, clocks: Clocks, origin: unknown = null): void {
  const bytes = Y.encodeStateVector(new Map(clocks));
  if (bytes.length > LONGEST_VECTOR) return;
  doc.transact(() => {
    const seen = seenOf(doc);
    for (const key of [...seen.keys()]) if (key.startsWith(`${device}/`)) seen.delete(key);
    seen.set(device, bytes);
  }, origin);
}

/** What `device` had said of the board and its cards before, for whoever takes markBoardSeen() back. */
export function seenBy(doc: Y.Doc, device: string): readonly (readonly [key: string, value: unknown])[] {
  return [...seenOf(doc).entries()].filter(([key]) => key === device || key.startsWith(`${device}/`));
}

export function putBackSeen(
  doc: Y.Doc,
  device: string,
  before: readonly (readonly [key: string, value: unknown])[],
  origin: unknown = null,
): void {
  doc.transact(() => {
    for (const [key] of seenBy(doc, device)) if (!before.some(([one]) => one === key)) seenOf(doc).delete(key);
    for (const [key, value] of before) if (seenOf(doc).get(key) !== value) seenOf(doc).set(key, value);
  }, origin);
}

/** A card was looked at. Where it had been seen as far already nothing is written. */
export function markCardSeen(
  doc: Y.Doc,
  place: { readonly device: string; readonly card: string },
  clocks: Clocks,
  origin: unknown = null,
): void {
  if (clocks.size === 0) return;
  const key = `${place.device}/${place.card}`;
  const known = decode(seenOf(doc).get(key), LONGEST_OF_CARD) ?? new Map<number, number>();
  if ([...clocks].every(([client, end]) => (known.get(client) ?? 0) >= end)) return;
  const next = new Map(known);
  join(next, clocks);
  const bytes = Y.encodeStateVector(next);
  if (bytes.length <= LONGEST_OF_CARD) doc.transact(() => seenOf(doc).set(key, bytes), origin);
}

/** What a window of the member's wrote on the board itself, up to this clock, is no news to them on any device. */
export function markOwn(doc: Y.Doc, client: number, end: number, origin: unknown = null): void {
  const key = `${OWN}${String(client)}`;
  const before = seenOf(doc).get(key);
  if (typeof before === 'number' && before >= end) return;
  doc.transact(() => seenOf(doc).set(key, end), origin);
}

/** Under which ids windows of the member's wrote on the board, as far as they noted it. */
export function ownClients(doc: Y.Doc): ReadonlySet<number> {
  const keys = [...seenOf(doc).keys()].filter((key) => key.startsWith(OWN));
  return new Set(keys.map((key) => Number(key.slice(OWN.length))));
}

function join(into: Map<number, number>, clocks: Clocks): void {
  for (const [client, end] of clocks) into.set(client, Math.max(end, into.get(client) ?? 0));
}

function decode(value: unknown, longest: number, decoded?: DecodedVectors): Clocks | null {
  if (!(value instanceof Uint8Array) || value.length > longest) return null;
  const known = decoded?.get(value);
  if (known) return known;
  try {
    const clocks = Y.decodeStateVector(value);
    decoded?.set(value, clocks);
    return clocks;
  } catch {
    // Any of the member's programs may have written it, of any version.
    return null;
  }
}
