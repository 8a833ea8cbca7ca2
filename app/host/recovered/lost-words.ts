// Words in what others deleted without knowing of them: they are in no text any more. It reads a past and writes nothing.
import * as Y from 'yjs';
import { DELETED, seenDeletions, type HeldWords } from '../../../shared/hub/history/seen-deletions.ts';
import type { RoomPast } from '../../../shared/hub/history/room-past.ts';
import { readEmbed } from '../../../shared/model/page/embeds.ts';
import type { WordRange } from '../../../shared/model/page/recovered.ts';
import { cellPlace } from '../../../shared/model/page/table-read.ts';
import { everMarker, PresentParts, textAt, valueOf, type FirstTellings } from './past-values.ts';
import { joinedRanges, type Author, type Passage } from './passage.ts';

/** A text inside a block, in a container that is deleted. */
interface HeldText {
  readonly text: Y.Text;
  /** The block's own item in the body. */
  readonly block: Y.Item;
  readonly within: readonly Y.ID[];
  readonly row: string;
  /** Sorts the texts of a block. */
  readonly order: string;
}

/** Between words that stood apart. */
const APART = ' … ';
const QUOTE = 80;

export function lostWords(
  past: RoomPast,
  first: FirstTellings,
  deviceOf: (session: number) => string,
  authorOf: (client: number, clock: number) => Author,
): readonly Passage[] {
  const present = new PresentParts(past.now);
  const texts = heldTexts(past.all, present);
  if (texts.length === 0) return [];
  const seen = seenDeletions(past, [...wordsIn(texts, present)], deviceOf);
  const passages = new Map<string, Drafted>();
  /** What whoever deleted a block saw in it. */
  const quotes = new Map<Y.Item, string>();
  for (const [number, held] of texts.entries()) {
    let before: Drafted | null = null;
    let quote = '';
    for (let item = held.text._start; item !== null; item = item.right) {
      for (const part of present.parts(item)) {
        const { client, clock } = item.id;
        if (!part.gone) continue;
        for (const { start, end, by } of seen.within(client, part.start, part.end)) {
          const words = wordsOf(item, start - clock, end - clock);
          if (by === DELETED.alone || words === '') continue;
          if (by === DELETED.along) {
            quote += words;
            before = null;
            continue;
          }
          const author = authorOf(client, start);
          const key = `${String(held.block.id.client)}.${String(held.block.id.clock)} ${author.key}`;
          const draft: Drafted = passages.get(key) ?? { author, held, pieces: [], ranges: [] };
          passages.set(key, draft);
          const last = draft.pieces.at(-1);
          if (before === draft && last) last.words += words;
          else draft.pieces.push({ text: number, words });
          draft.ranges.push([client, start, end]);
          before = draft;
        }
      }
    }
    const earlier = quotes.get(held.block) ?? '';
    if (quote !== '' && earlier.length < QUOTE) quotes.set(held.block, earlier === '' ? quote : `${earlier} ${quote}`);
  }
  return [...passages.values()]
    .filter(({ pieces }) => pieces.some(({ words }) => /\S/.test(words)))
    .map((draft) => finished(draft, texts, past, first, quotes.get(draft.held.block) ?? ''));
}

interface Drafted {
  readonly author: Author;
  readonly held: HeldText;
  readonly pieces: { readonly text: number; words: string }[];
  readonly ranges: WordRange[];
}

function finished(
  { author, held, pieces, ranges }: Drafted,
  texts: readonly HeldText[],
  { tellings }: RoomPast,
  first: FirstTellings,
  quote: string,
): Passage {
  const marker = everMarker(held.block);
  const [container] = held.within;
  const deletion = container ? tellings[first.deleted.at(container.client, container.clock)] : undefined;
  const times = ranges.flatMap(([client, start]) => tellings[first.brought.at(client, start)]?.at ?? []);
  const lines: { readonly row: string; words: string }[] = [];
  for (const { text, words } of pieces) {
    const row = texts[text]?.row ?? '';
    const last = lines.at(-1);
    if (last && last.row === row) last.words += APART + words;
    else lines.push({ row, words });
  }
  return {
    kind: 'lost',
    lines: lines.map(({ words }) => words),
    ranges: joinedRanges(ranges),
    typedIn: author.session,
    typedAt: times.length > 0 ? Math.max(...times) : null,
    deletedIn: deletion?.segment ?? -1,
    deletedAt: deletion?.at ?? null,
    place: { kind: textAt(marker, 'kind'), quote: quote.slice(0, QUOTE) },
    at: held.block.id,
    block: '',
  };
}

/** Every text of the body that stands in something deleted, in the order of reading. Iterative: a peer may have nested them deep. */
function heldTexts(all: Y.Doc, present: PresentParts): readonly HeldText[] {
  const found: HeldText[] = [];
  for (let block = all.getText('body')._start; block !== null; block = block.right) {
    const texts = textsOf(block, present);
    if (texts.length > 1) texts.sort((a, b) => (a.order < b.order ? -1 : 1));
    found.push(...texts);
  }
  return found;
}

function textsOf(block: Y.Item, present: PresentParts): HeldText[] {
  const found: HeldText[] = [];
  const open: (readonly [type: Y.AbstractType<unknown>, within: readonly Y.ID[]])[] = [];
  const enter = (item: Y.Item, within: readonly Y.ID[]): void => {
    if (!(item.content instanceof Y.ContentType) || !present.isHere(item.id)) return;
    open.push([item.content.type as Y.AbstractType<unknown>, present.isGone(item.id) ? [...within, item.id] : within]);
  };
  enter(block, []);
  for (let next = open.pop(); next; next = open.pop()) {
    const [type, within] = next;
    if (type instanceof Y.Text && within.length > 0) found.push({ text: type, block, within, ...placeOf(block, type) });
    for (const newest of type._map.values()) {
      // Values that were overwritten stand to the left of the newest.
      for (let value: Y.Item | null = newest; value !== null; value = value.left) enter(value, within);
    }
    for (let inner = type._start; inner !== null; inner = inner.right) enter(inner, within);
  }
  return found;
}

/** Cells stand in the order of rows and columns; anything else behind them. */
function placeOf(block: Y.Item, text: Y.Text): { readonly row: string; readonly order: string } {
  const key = text._item?.parentSub ?? '';
  const place = cellPlace(key);
  if (!place) return { row: '', order: `~${key}` };
  const marker = everMarker(block);
  const orderIn = (part: 'rows' | 'columns', id: string): string => {
    const lines = marker && valueOf(marker, part);
    const line = lines instanceof Y.Map ? valueOf(lines as Y.Map<unknown>, id) : null;
    return `${line instanceof Y.Map ? textAt(line as Y.Map<unknown>, 'order') : '~'} ${id}`;
  };
  return { row: place.row, order: `${orderIn('rows', place.row)} ${orderIn('columns', place.column)} ${key}` };
}

function* wordsIn(texts: readonly HeldText[], present: PresentParts): Iterable<HeldWords> {
  for (const { text, within } of texts) {
    for (let item = text._start; item !== null; item = item.right) {
      if (!item.countable) continue;
      for (const { start, end, gone } of present.parts(item)) {
        if (gone) yield { client: item.id.client, start, end, within };
      }
    }
  }
}

function wordsOf(item: Y.Item, from: number, to: number): string {
  if (item.content instanceof Y.ContentString) return item.content.str.slice(from, to);
  if (!(item.content instanceof Y.ContentEmbed)) return '';
  const embed: unknown = item.content.embed;
  const known = typeof embed === 'object' && embed !== null ? readEmbed(embed) : null;
  return known?.type === 'date' ? known.date : '';
}
