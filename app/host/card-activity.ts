// What people did to one card of a board, read from the board's past: every value that stood under a key of the card, who wrote it and when. It reads no store and knows no words for people.
import * as Y from 'yjs';
import { ClaimedRanges } from '../../shared/hub/history/claimed-ranges.ts';
import type { RoomPast, Telling } from '../../shared/hub/history/room-past.ts';
import { cardOfKey, readArrival, readLeavings, WENT } from '../../shared/model/board/whereabouts.ts';
import { cutLine } from '../../shared/model/document/title.ts';
import type { CardChange } from '../contract/board.ts';

/** One change, with the place of its session in the past's list; -1: not known. */
export interface FoundChange {
  readonly at: number;
  readonly session: number;
  readonly change: CardChange;
}

/** The newest are answered; a card has a few dozen. */
const MOST = 500;
/** Values that are looked at: a card that a machine wrote in all day must not hold up others. */
const MOST_LOOKED = 50_000;

/** Keys that say nothing to people, or are told by another key. */
const SILENT = new Set(['order', 'touched', 'createdBy', 'createdAt']);
/** What a card is made with. */
const AT_ONCE: ReadonlySet<string> = new Set(['column', 'title']);
const PARTS = ['column', 'title', 'start', 'due', 'completed', 'archivedAt', 'removed', 'priority', 'cover'] as const;
const PREFIXES = [
  'member',
  'label',
  'list',
  'item',
  'field',
  'text',
  'blocks',
  'blockedBy',
  'relates',
  'page',
] as const;

/** Newest first. Total. */
export function cardActivity(past: RoomPast, card: string): readonly FoundChange[] {
  const tellings = new Tellings(past);
  const found: FoundChange[] = [];
  for (const [key, stored] of past.all.getMap('cards')._map) {
    if (cardOfKey(key)?.card === card) found.push(...changesIn(key, stored, tellings));
  }
  return found.sort((a, b) => b.at - a.at).slice(0, MOST);
}

/** Of one map of the card: it has one more for each time that it came from another board. */
function changesIn(of: string, stored: Y.Item, tellings: Tellings): readonly FoundChange[] {
  const map: unknown = stored.content instanceof Y.ContentType ? stored.content.type : null;
  if (!(map instanceof Y.Map)) return [];
  const making = tellings.brought(stored.id);
  const came = readArrival(of, map as Y.Map<unknown>);
  const made: CardChange = { part: came ? 'came' : 'made', key: '', value: came?.from ?? null, before: null };
  const found: FoundChange[] = [{ ...making, change: made }];
  for (const { id, to, over } of readLeavings(map as Y.Map<unknown>)) {
    const item = (map as Y.Map<unknown>)._map.get(WENT + id);
    if (item && !over)
      found.push({ ...tellings.brought(item.id), change: { part: 'went', key: '', value: to, before: null } });
  }
  let looked = 0;
  for (const [key, newest] of (map as Y.Map<unknown>)._map) {
    const part = partOf(key);
    if (part === null) continue;
    let before: CardChange['value'] = null;
    for (const item of chainOf(newest)) {
      if (++looked > MOST_LOOKED) break;
      const value = valueOf(item);
      const told = tellings.brought(item.id);
      // What it was made with is in its making.
      const isOfMaking = item.left === null && (came !== null || AT_ONCE.has(part)) && told.telling === making.telling;
      if (!isOfMaking && value !== before) found.push({ ...told, change: { part, key, value, before } });
      if (item.content instanceof Y.ContentType)
        found.push(...insideOf(item.content.type, part, key, making, tellings));
      before = value;
    }
    if (newest.deleted && before !== null)
      found.push({ ...tellings.deleted(newest.id), change: { part, key, value: null, before } });
  }
  return found;
}

interface Told extends Pick<FoundChange, 'at' | 'session'> {
  /** What came together has one. */
  readonly telling: number;
}

/** When and in which session something came and went. */
class Tellings {
  readonly #tellings: readonly Telling[];
  readonly #brought = new ClaimedRanges();
  readonly #deleted = new ClaimedRanges();

  constructor({ tellings }: RoomPast) {
    this.#tellings = tellings;
    for (const [place, { brings, deletes }] of tellings.entries()) {
      for (const [client, start, end] of brings) this.#brought.claim(client, start, end, place);
      for (const [client, start, end] of deletes) this.#deleted.claim(client, start, end, place);
    }
  }

  brought(id: Y.ID): Told {
    return this.#told(this.#brought.at(id.client, id.clock));
  }

  deleted(id: Y.ID): Told {
    return this.#told(this.#deleted.at(id.client, id.clock));
  }

  #told(place: number): Told {
    const { at = 0, segment: session = -1 } = this.#tellings[place] ?? {};
    return { at, session, telling: place };
  }
}

/** A title that was edited, once a session; an item that was ticked, or not any more. */
function* insideOf(type: unknown, part: string, key: string, making: Told, tellings: Tellings): Iterable<FoundChange> {
  if (part === 'title' && type instanceof Y.Text) {
    const seen = new Set<number>();
    for (let item = type._start; item !== null; item = item.right) {
      const told = tellings.brought(item.id);
      if (told.telling === making.telling || seen.has(told.session)) continue;
      seen.add(told.session);
      yield { ...told, change: { part, key, value: null, before: null } };
    }
  }
  if (part !== 'item' || !(type instanceof Y.Map)) return;
  const newest = (type as Y.Map<unknown>)._map.get('checked');
  for (const item of newest ? chainOf(newest) : []) {
    yield { ...tellings.brought(item.id), change: { part: 'checked', key, value: 1, before: null } };
    if (item.deleted && item === newest)
      yield { ...tellings.deleted(item.id), change: { part: 'checked', key, value: null, before: 1 } };
  }
}

function partOf(key: string): string | null {
  if (SILENT.has(key) || key.length > 300) return null;
  const prefix = key.slice(0, Math.max(0, key.indexOf('/')));
  return PARTS.find((part) => part === key) ?? PREFIXES.find((part) => part === prefix) ?? null;
}

/** The values that stood under one key, oldest first. */
function chainOf(newest: Y.Item): readonly Y.Item[] {
  const chain: Y.Item[] = [];
  for (let item: Y.Item | null = newest; item !== null && chain.length < MOST_LOOKED; item = item.left)
    chain.push(item);
  return chain.reverse();
}

/** A line or a number as it is; for everything else that it is there. */
function valueOf(item: Y.Item): CardChange['value'] {
  const content: unknown = item.content instanceof Y.ContentAny ? item.content.arr.at(-1) : true;
  if (typeof content === 'number') return Number.isFinite(content) ? content : 1;
  if (typeof content === 'string') return cutLine(content);
  return content === null || content === undefined ? null : 1;
}
