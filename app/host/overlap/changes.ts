// What was changed at which place of a document, telling by telling, from a past in which nothing is collected. It judges nothing; total, iterative.
import * as Y from 'yjs';
import type { RoomPast } from '../../../shared/hub/history/room-past.ts';
import type { BlockPart, OverlapPlace } from '../../../shared/model/overlap/place.ts';
import { DECISION } from '../../../shared/model/thread/facts.ts';
import { cardOfKey } from '../../../shared/model/board/whereabouts.ts';
import { isDocumentId } from '../../../shared/model/document/meta.ts';
import { cellPlace } from '../../../shared/model/page/table-read.ts';
import { START_ID } from '../../../shared/model/page/view-blocks.ts';
import { everMarker, PresentParts, textAt, valueOf } from '../recovered/past-values.ts';
import type { Knowing } from './knowing.ts';

export interface Change {
  readonly telling: number;
  /** Names it, everywhere the same. */
  readonly mark: string;
  /** Of a value that stands, or stood, under a key. */
  readonly written: Written | null;
}

/** One item may hold several values that one client wrote one over the other. */
export interface Written {
  readonly item: Y.Item;
  /** Which of them. */
  readonly place: number;
}

export interface ChangedPlace {
  readonly place: OverlapPlace;
  /** Rising by telling. */
  readonly changes: readonly Change[];
}

/** Keys of a marker that say what a block is, by what people see of them. */
const PARTS: Readonly<Record<string, BlockPart>> = {
  kind: 'kind',
  level: 'kind',
  language: 'kind',
  indent: 'indent',
  checked: 'checked',
};
/** Keys of a card in which people say one thing each; what several say at once has a key each, and words have a text. */
const CARD_VALUES = new Set(['column', 'start', 'due', 'priority', 'cover']);
const CARD_PREFIXES = ['field/', 'text/'] as const;
const INNER = ['name', 'text', 'checked', 'due', 'member'] as const;
/** Values of one key that are looked at; a program that writes all day must not hold up others. */
const MOST_VALUES = 2_000;

/** Places where at least two tellings changed something. */
export function changedPlaces(past: RoomPast, knowing: Knowing): readonly ChangedPlace[] {
  const found = new Places(past, knowing);
  found.text({ at: 'title' }, past.all.getText('title'));
  found.body(past.all.getText('body'));
  found.cards(past.all.getMap('cards'));
  found.thread(past.all.getMap('meta'), past.all.getMap('votes'));
  return found.places();
}

class Places {
  readonly #knowing: Knowing;
  readonly #present: PresentParts;
  readonly #places = new Map<string, { place: OverlapPlace; changes: Map<number, Change> }>();

  constructor(past: RoomPast, knowing: Knowing) {
    this.#knowing = knowing;
    this.#present = new PresentParts(past.now);
  }

  places(): readonly ChangedPlace[] {
    return [...this.#places.values()].flatMap(({ place, changes }) =>
      changes.size < 2 ? [] : [{ place, changes: [...changes.values()].sort((a, b) => a.telling - b.telling) }],
    );
  }

  text(place: OverlapPlace, text: Y.Text): void {
    for (let item = text._start; item !== null; item = item.right) {
      this.#tellings(item, (telling, mark) => this.#add(place, { telling, mark, written: null }));
    }
  }

  body(body: Y.Text): void {
    const markers: { readonly item: Y.Item; readonly map: Y.Map<unknown> }[] = [];
    for (let item = body._start; item !== null; item = item.right) {
      const map = everMarker(item);
      if (map) {
        markers.push({ item, map });
        if (!this.#present.isGone(item.id)) this.#marker(map);
        continue;
      }
      this.#tellings(item, (telling, mark) => {
        const block = this.#home(markers, telling);
        if (block !== null) this.#add({ at: 'words', block }, { telling, mark, written: null });
      });
    }
  }

  cards(cards: Y.Map<unknown>): void {
    for (const [name, stored] of cards._map) {
      const card = cardOfKey(name)?.card;
      const map = mapOf(stored);
      if (card === undefined || !map) continue;
      for (const [key, newest] of map._map) {
        const place = { at: 'card', card, key, inner: null } as const;
        if (key === 'title') this.#texts(place, newest);
        else if (CARD_VALUES.has(key)) this.#values(place, newest);
        else if (CARD_PREFIXES.some((prefix) => key.startsWith(prefix))) {
          this.#values(place, newest);
          this.#texts(place, newest);
        } else if (key.startsWith('item/') || key.startsWith('list/')) {
          const inside = mapOf(newest);
          for (const inner of inside ? INNER : []) {
            const value = inside?._map.get(inner);
            if (!value) continue;
            if (inner === 'text' || inner === 'name') this.#texts({ ...place, inner }, value);
            else this.#values({ ...place, inner }, value);
          }
        }
      }
    }
  }

  thread(meta: Y.Map<unknown>, votes: Y.Map<unknown>): void {
    const accepted = meta._map.get('accepted');
    if (accepted) this.#values({ at: 'accepted' }, accepted);
    for (const [member, newest] of votes._map) if (isDocumentId(member)) this.#values({ at: 'vote', member }, newest);
    for (const [key, item] of meta._map) {
      if (!key.startsWith(DECISION)) continue;
      this.#written({ at: 'state' }, item);
    }
  }

  /** What a block is, and the cells of a table. */
  #marker(map: Y.Map<unknown>): void {
    const block = textAt(map, 'id');
    if (block === '') return;
    for (const [key, newest] of map._map) {
      const part = PARTS[key];
      if (part) this.#values({ at: 'block', block, part }, newest);
      else if (key === 'cells') {
        for (const [name, value] of mapOf(newest)?._map ?? []) {
          const cell = cellPlace(name);
          if (cell) this.#texts({ at: 'cell', block, ...cell }, value);
        }
      }
    }
  }

  #texts(place: OverlapPlace, newest: Y.Item): void {
    const type: unknown = newest.content instanceof Y.ContentType ? newest.content.type : null;
    if (type instanceof Y.Text && !this.#present.isGone(newest.id)) this.text(place, type);
  }

  /** All values that ever stood under a key. */
  #values(place: OverlapPlace, newest: Y.Item): void {
    let looked = 0;
    for (let item: Y.Item | null = newest; item !== null && looked < MOST_VALUES; item = item.left, looked += 1) {
      this.#written(place, item);
    }
  }

  #written(place: OverlapPlace, item: Y.Item): void {
    if (!(item.content instanceof Y.ContentAny)) return;
    for (let at = 0; at < item.length; at += 1) {
      const id = { client: item.id.client, clock: item.id.clock + at };
      const telling = this.#knowing.first.brought.at(id.client, id.clock);
      if (telling >= 0) this.#add(place, { telling, mark: markOf(id), written: { item, place: at } });
    }
  }

  /** Who brought and who deleted words or inline things. */
  #tellings(item: Y.Item, tell: (telling: number, mark: string) => void): void {
    if (!item.countable) return;
    const { client, clock } = item.id;
    const { brought, deleted } = this.#knowing.first;
    for (const { start, by } of brought.within(client, clock, clock + item.length)) {
      if (this.#isTold(by)) tell(by, markOf({ client, clock: start }));
    }
    for (const { start, by } of deleted.within(client, clock, clock + item.length)) {
      if (this.#isTold(by)) tell(by, `-${markOf({ client, clock: start })}`);
    }
  }

  /** What of the others its author knew. */
  #isTold(telling: number): boolean {
    return telling >= 0 && (this.#knowing.stintOf(telling)?.clocks ?? null) !== null;
  }

  /** The block in which the author of a telling saw what stands behind these markers; null where it is none with words. */
  #home(markers: readonly { readonly item: Y.Item; readonly map: Y.Map<unknown> }[], telling: number): string | null {
    const { first } = this.#knowing;
    for (let at = markers.length - 1; at >= 0; at -= 1) {
      const { item, map } = markers[at] ?? {};
      if (!item || !map || !this.#knowing.has(telling, item.id)) continue;
      const gone = first.deleted.at(item.id.client, item.id.clock);
      if (gone >= 0 ? this.#knowing.heard(telling, gone) : this.#present.isGone(item.id)) continue;
      if (valueOf(map, 'flow') === true) continue;
      return textAt(map, 'id') || null;
    }
    return START_ID;
  }

  /** Of what one telling changed at a place the first counts for its name, the last for its value. */
  #add(place: OverlapPlace, change: Change): void {
    const key = JSON.stringify(place);
    const found = this.#places.get(key) ?? { place, changes: new Map<number, Change>() };
    this.#places.set(key, found);
    const known = found.changes.get(change.telling);
    if (!known) found.changes.set(change.telling, change);
    else {
      const mark = change.mark < known.mark ? change.mark : known.mark;
      found.changes.set(change.telling, { ...change, mark, written: later(known.written, change.written) });
    }
  }
}

/** Of two values that one telling wrote over another the one that stayed. */
function later(one: Written | null, two: Written | null): Written | null {
  if (!one || !two) return one ?? two;
  return one.item.id.clock + one.place > two.item.id.clock + two.place ? one : two;
}

function mapOf({ content }: Y.Item): Y.Map<unknown> | null {
  const type: unknown = content instanceof Y.ContentType ? content.type : null;
  return type instanceof Y.Map ? (type as Y.Map<unknown>) : null;
}

function markOf({ client, clock }: Pick<Y.ID, 'client' | 'clock'>): string {
  return `${String(client)}.${String(clock)}`;
}
