// What was written in a card on the board that it had left by then, and putting it into the card where it is now (docs/documents.md, GO4): words are put in and none are taken out. Who asks for it, and where the card is, is not known here.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { readEntry, storedValue, type PlainValue } from '../document/plain-maps.ts';
import { isSeen, markRemoved, readMark, readRemoval, type Seen } from '../document/removal.ts';
import { cardsOf } from '../document/roots.ts';
import { asOneLine } from '../document/title.ts';
import { cardIn } from './card-commands.ts';
import { LABEL, type Card } from './card.ts';
import type { Definitions } from './definitions.ts';
import { changeEntry, makeMissing, matchDefinitions, type TakenCards } from './parcel.ts';
import { readBoard } from './read.ts';
import type { Doing } from './stored.ts';
import { BEAT, CAME, cardMap, lateKeys, readBeaten, seenNow, WENT } from './whereabouts.ts';

/** A piece of text that was put into a line. */
interface Run {
  /** In the line without all such pieces. */
  readonly at: number;
  readonly text: string;
}

export type Late =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'text'; readonly whole: string; readonly base: string; readonly runs: readonly Run[] }
  | { readonly kind: 'map'; readonly whole: PlainValue; readonly parts: Readonly<Record<string, Late>> }
  /** It was removed. */
  | ({ readonly kind: 'removal' } & Doing);

export interface LateWords extends Definitions {
  readonly card: Card;
  /** By key of the card. */
  readonly parts: Readonly<Record<string, Late>>;
}

/** Of a map that does not show on its board; null where nothing in it is late. */
export function readLate(doc: Y.Doc, key: string): LateWords | null {
  const { elsewhere, labels, fields } = readBoard(doc);
  const one = elsewhere.find(({ card }) => card.place.key === key);
  const map = cardMap(key, cardsOf(doc).get(key));
  if (!one || !map) return null;
  const { left, came } = map;
  const parts = one.late.flatMap((part) => {
    const late = lateOf(map.stored, part, left?.seen ?? came?.seen ?? []);
    return late ? [[part, late] as const] : [];
  });
  return parts.length === 0 ? null : { card: one.card, labels, fields, parts: Object.fromEntries(parts) };
}

/** A card, a checklist's item: nobody honest writes maps that lie deeper. */
const DEEPEST = 3;

function lateOf(map: Y.Map<unknown>, key: string, seen: Seen, depth = 1): Late | null {
  const value = map.get(key);
  if (key === 'removed') {
    const mark = readMark(map);
    return mark && readRemoval(map).kind === 'removed' ? { kind: 'removal', by: mark.by ?? '', at: mark.at } : null;
  }
  if (value instanceof Y.Text) return lateText(value, seen);
  if (value instanceof Y.Map && depth >= DEEPEST) return null;
  if (!(value instanceof Y.Map)) return value instanceof Y.AbstractType ? null : { kind: 'value', value };
  const inside = value as Y.Map<unknown>;
  const parts = [...inside.keys()].flatMap((part) => {
    const late = isSeen(inside, part, seen) ? null : lateOf(inside, part, seen, depth + 1);
    return late ? [[part, late] as const] : [];
  });
  return { kind: 'map', whole: { $map: readEntry(inside) }, parts: Object.fromEntries(parts) };
}

function lateText(text: Y.Text, seen: Seen): Late {
  const known = new Map<number, number>(seen);
  const runs: Run[] = [];
  let base = '';
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    const until = Math.max(0, Math.min(item.length, (known.get(item.id.client) ?? 0) - item.id.clock));
    base += item.content.str.slice(0, until);
    const late = item.content.str.slice(until);
    if (late !== '') runs.push({ at: base.length, text: late });
  }
  return { kind: 'text', whole: text.toJSON(), base, runs };
}

/** Puts them into the card that shows on this board, in one transaction. */
export function writeLate(doc: Y.Doc, late: LateWords, origin: unknown = null): void {
  doc.transact(() => {
    const target = cardIn(doc, late.card.id);
    const wanted = new Set(Object.keys(late.parts));
    const said = {
      ...late.card,
      labels: late.card.labels.filter((id) => wanted.has(LABEL + id)),
      values: late.card.values.filter(({ field }) => [...wanted].some((key) => key.includes(`/${field}`))),
    };
    const taken: TakenCards = { ...late, people: [], cards: [{ card: said, entry: {}, byRule: false, times: 0 }] };
    const matching = matchDefinitions(taken, readBoard(doc));
    makeMissing(doc, matching, true);
    const entry = Object.fromEntries(
      Object.entries(late.parts).map(([key, part]) => [key, part.kind === 'value' ? part.value : new Kept(part)]),
    );
    const changed = changeEntry(entry, { matching, ids: new Map(), copiedBy: null });
    for (const [key, value] of Object.entries(changed)) {
      put(target, key, value instanceof Kept ? value.late : { kind: 'value', value });
    }
  }, origin);
}

/** Passes a change of keys untouched. */
class Kept {
  readonly late: Late;
  constructor(late: Late) {
    this.late = late;
  }
}

function put(map: Y.Map<unknown>, key: string, late: Late): void {
  const there = map.get(key);
  if (late.kind === 'removal') markRemoved(map, late.at, late.by);
  else if (late.kind === 'value') {
    if (JSON.stringify(there) !== JSON.stringify(late.value)) map.set(key, late.value);
  } else if (late.kind === 'text') {
    if (there instanceof Y.Text) insert(there, late);
    else map.set(key, new Y.Text(asOneLine(late.whole)));
  } else if (!(there instanceof Y.Map)) map.set(key, storedValue(late.whole));
  else {
    // Its removal last: by then all that is put in is known.
    const parts = Object.entries(late.parts).sort(([a], [b]) => Number(a === 'removed') - Number(b === 'removed'));
    for (const [part, inside] of parts) put(there as Y.Map<unknown>, part, inside);
  }
}

/** Each piece where it stood, as far as the line is still the same around it; else between what begins and what ends the same. */
function insert(text: Y.Text, { base, runs }: Extract<Late, { kind: 'text' }>): void {
  const now = text.toJSON();
  const shorter = Math.min(base.length, now.length);
  let start = 0;
  while (start < shorter && base[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && base[base.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  for (const { at, text: words } of [...runs].reverse()) {
    const place = at <= start ? at : at >= base.length - end ? now.length - (base.length - at) : now.length - end;
    text.insert(place, asOneLine(words));
  }
}

/** It was heard of: what stands in the map now is not late any more, and nobody is told of it again. */
export function settleLate(doc: Y.Doc, key: string, origin: unknown = null): void {
  doc.transact(() => {
    const map = cardMap(key, cardsOf(doc).get(key));
    if (!map) throw new AppError('not-found', 'This is not on the board any more. Nothing was changed.');
    const { left, stored } = map;
    const record = left ? WENT + left.id : CAME;
    const said = stored.get(record);
    if (typeof said !== 'object' || said === null) return;
    const isLate = lateKeys(stored, map).length > 0;
    if (!isLate && (said as { heard?: unknown }).heard === true) return;
    stored.set(record, { ...said, ...(isLate ? { seen: seenNow(stored) } : {}), heard: true });
  }, origin);
}

/** Whoever took a card here has heard that others had taken it elsewhere at the same time. */
export function hearBeaten(doc: Y.Doc, card: string, origin: unknown = null): void {
  doc.transact(() => {
    const stored = cardIn(doc, card);
    for (const { id, heard } of readBeaten(stored)) {
      const said = stored.get(BEAT + id);
      if (!heard && typeof said === 'object' && said !== null) stored.set(BEAT + id, { ...said, heard: true });
    }
  }, origin);
}
