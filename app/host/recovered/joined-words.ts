// Words that a block's deletion left in the block before, because whoever deleted it did not know of them (SG18). It reads a past and writes nothing.
import * as Y from 'yjs';
import type { RoomPast, Telling } from '../../../shared/hub/history/room-past.ts';
import type { WordRange } from '../../../shared/model/page/recovered.ts';
import { everMarker, PresentParts, textAt, type FirstTellings } from './past-values.ts';
import { joinedRanges, type Author, type Passage } from './passage.ts';

const QUOTE = 80;
/** Milliseconds of typing without a pause: what follows so soon was not put behind what somebody else had written. */
const PAUSE = 5_000;
/** Milliseconds for which two computers may be apart: what was typed longer before a deletion was known to whoever deleted. */
const APART = 14 * 86_400_000;

/** A block that is deleted, as the walk goes through what is left of it. */
interface Gone {
  readonly marker: Y.Item;
  /** The number of the first telling of its deletion; -1: nobody tells. */
  readonly deletion: number;
  /** Its text that went with it. */
  quote: string;
}

interface Stray {
  readonly home: Y.Map<unknown> | null;
  /** Set once it is known that neither knew of the other. */
  gone: Gone | null;
  readonly author: Author;
  readonly at: Y.ID;
  words: string;
  readonly ranges: WordRange[];
}

export function joinedWords(
  past: RoomPast,
  first: FirstTellings,
  deviceOf: (session: number) => string,
  authorOf: (client: number, clock: number) => Author,
): readonly Passage[] {
  const present = new PresentParts(past.now);
  const ground = { past, first, present };
  const strays: Stray[] = [];
  let home: Y.Map<unknown> | null = null;
  /** The blocks that are deleted since the last one that is not, by their deletion. */
  const blocks = new Map<number, Gone>();
  /** By what stood to their right when they were typed. */
  const waiting = new Map<string, Stray>();
  for (let item = past.all.getText('body')._start; item !== null; item = item.right) {
    const marker = everMarker(item);
    if (marker && present.isHere(item.id)) {
      const deletion = first.deleted.at(item.id.client, item.id.clock);
      if (!present.isGone(item.id)) {
        home = marker;
        blocks.clear();
        waiting.clear();
      } else if (!home || textAt(home, 'id') !== textAt(marker, 'id')) {
        // Else an undo brought the block back under its id: its words are where they were.
        blocks.set(deletion, { marker: item, deletion, quote: '' });
      }
    }
    if (blocks.size === 0 || !(item.content instanceof Y.ContentString)) continue;
    const { client, clock } = item.id;
    for (const part of present.parts(item)) {
      const words = item.content.str.slice(part.start - clock, part.end - clock);
      if (part.gone) {
        const gone = blocks.get(first.deleted.at(client, part.start));
        if (!gone) continue;
        if (gone.quote.length < QUOTE) gone.quote += words;
        const between = waiting.get(`${String(client)}.${String(part.start)}`);
        if (between) between.gone = gone;
        continue;
      }
      const author = authorOf(client, part.start);
      const last = strays.at(-1);
      if (last?.home === home && last.author.key === author.key && goesOn(last, item, part.start)) {
        last.words += words;
        last.ranges.push([client, part.start, part.end]);
        continue;
      }
      const gone = goneBehind(ground, item, part.start, blocks);
      const ranges: WordRange[] = [[client, part.start, part.end]];
      const stray = { home, gone, author, at: Y.createID(client, part.start), words, ranges };
      strays.push(stray);
      const right = item.rightOrigin;
      if (right) waiting.set(`${String(right.client)}.${String(right.clock)}`, stray);
    }
  }
  return strays.flatMap((stray) => {
    const { gone, words, author } = stray;
    if (!gone || !/\S/.test(words)) return [];
    const typing = deviceOf(author.session);
    const isOwn = typing !== '' && typing === deviceOf(past.tellings[gone.deletion]?.segment ?? -1);
    return isOwn ? [] : [finished(stray, gone, past.tellings, first)];
  });
}

interface Ground {
  readonly past: RoomPast;
  readonly first: FirstTellings;
  readonly present: PresentParts;
}

/**
 * Who types into a text has what is to the right of the caret, and no deletion of it; and who deletes a stretch deletes all in
 * it that they have. At the end of a block nothing stands to the right that could tell, and who knew of the deletion types in
 * the same place: there the words must be older than it, though not so old that whoever deleted must have had them, and no rest
 * of a text that was typed in one go, which a deletion cut in two.
 */
function goneBehind(
  { past, first, present }: Ground,
  item: Y.Item,
  clock: number,
  blocks: ReadonlyMap<number, Gone>,
): Gone | null {
  const { client } = item.id;
  const before = clock > item.id.clock ? Y.createID(client, clock - 1) : item.origin;
  if (!before || !present.isGone(before) || !isString(past.all, before)) return null;
  if (item.rightOrigin && isString(past.all, item.rightOrigin)) return null;
  const deletion = first.deleted.at(before.client, before.clock);
  const telling = past.tellings[deletion];
  const typed = past.tellings[first.brought.at(client, clock)];
  const earlier = past.tellings[first.brought.at(before.client, before.clock)];
  if (!telling || !typed || typed.at > telling.at || telling.at - typed.at > APART) return null;
  const isCut = before.client === client && before.clock === clock - 1 && typed.at - (earlier?.at ?? 0) < PAUSE;
  return isCut ? null : (blocks.get(deletion) ?? null);
}

function isString({ store }: Y.Doc, { client, clock }: Y.ID): boolean {
  const structs = store.clients.get(client);
  if (!structs || clock >= Y.getState(store, client)) return false;
  const struct = structs[Y.findIndexSS(structs as Y.Item[], clock)];
  return struct instanceof Y.Item && struct.content instanceof Y.ContentString;
}

/** Typed behind the words that are there, at once. */
function goesOn({ ranges }: Stray, item: Y.Item, clock: number): boolean {
  const last = ranges.at(-1);
  const before = clock > item.id.clock ? Y.createID(item.id.client, clock - 1) : item.origin;
  return last !== undefined && before?.client === last[0] && before.clock === last[2] - 1;
}

function finished(one: Stray, gone: Gone, tellings: readonly Telling[], first: FirstTellings): Passage {
  const deletion = tellings[gone.deletion];
  const times = one.ranges.flatMap(([client, start]) => tellings[first.brought.at(client, start)]?.at ?? []);
  return {
    kind: 'joined',
    lines: [one.words],
    ranges: joinedRanges(one.ranges),
    typedIn: one.author.session,
    typedAt: times.length > 0 ? Math.max(...times) : null,
    deletedIn: deletion?.segment ?? -1,
    deletedAt: deletion?.at ?? null,
    place: { kind: textAt(everMarker(gone.marker), 'kind'), quote: gone.quote.slice(0, QUOTE) },
    at: one.at,
    block: one.home ? textAt(one.home, 'id') : '',
  };
}
