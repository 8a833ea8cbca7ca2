// How what was found in a document stands now: both versions in words, what is there, who settled it. It reads a document and writes nothing; total.
import type * as Y from 'yjs';
import { readCard } from '../../../shared/model/board/card.ts';
import { readDefinitions, type Definitions } from '../../../shared/model/board/definitions.ts';
import { mapsOf, shownOf } from '../../../shared/model/board/whereabouts.ts';
import { cardsOf, columnsOf, postsOf } from '../../../shared/model/document/roots.ts';
import { cutLine, readTitle } from '../../../shared/model/document/title.ts';
import {
  valueAt,
  wordsOf,
  findBlock,
  type OverlapPlace,
  type OverlapValue,
} from '../../../shared/model/overlap/place.ts';
import { readSettled } from '../../../shared/model/overlap/settle.ts';
import { blockOf } from '../../../shared/model/page/view-blocks.ts';
import { readPoll } from '../../../shared/model/thread/poll.ts';
import { readPosts } from '../../../shared/model/thread/posts.ts';
import { lineOf } from '../../../shared/model/board/stored.ts';
import type { OverlapEntry, OverlapSide } from '../../contract/overlap.ts';
import type { FoundOverlap, FoundSide } from './find-overlaps.ts';
import { whatOfBlock, whatOfCard } from './place-words.ts';

export interface StandingPlace {
  readonly room: string;
  readonly space: string;
  readonly document: string;
  readonly kind: string;
}

export interface Me {
  readonly member: string;
  readonly device: string;
}

const LONGEST_EXCERPT = 200;

/** Of what is mine; what stands nowhere any more, or where somebody went on from both, is left out. */
export function standingOf(
  doc: Y.Doc,
  { room, space, document, kind }: StandingPlace,
  found: readonly FoundOverlap[],
  me: Me,
): OverlapEntry[] {
  if (kind !== 'page' && kind !== 'board' && kind !== 'card' && kind !== 'thread') return [];
  const settled = readSettled(doc);
  const labels = new Labels(doc);
  return found.flatMap(({ id, place, sides }): OverlapEntry[] => {
    const ours = sides.filter(({ member }) => member === me.member);
    const mine = ours.find(({ device }) => device === me.device) ?? ours[0];
    const theirs = sides.find((side) => side !== mine);
    const now = valueAt(doc, place);
    if (!mine || !theirs || now === null) return [];
    const by = settled.get(id) ?? [];
    if (by.length === 0 && isMovedOn(doc, place, mine, theirs)) return [];
    const side = (one: FoundSide): OverlapSide => ({ ...one, label: labels.of(place, one.value) });
    const card = place.at === 'card' ? place.card : kind === 'card' ? document : null;
    return [
      {
        ...{ id, space, document, room, kind, place, card },
        board: kind === 'board' ? document : null,
        title: place.at === 'card' ? labels.cardTitle(place.card) : readTitle(doc),
        what: labels.what(place),
        mine: side(mine),
        theirs: side(theirs),
        at: Math.max(mine.at, theirs.at),
        now: { value: now, label: labels.of(place, now) },
        settled: by.map(({ by: member, at, choice }) => ({ by: member, at, choice })),
      },
    ];
  });
}

/** Of a card's own document: the board where it stands, and the title that it has there; [] where it stands on none. */
export function onBoard(doc: Y.Doc, board: string, card: string, entries: readonly OverlapEntry[]): OverlapEntry[] {
  const shown = shownOf(mapsOf(cardsOf(doc), card));
  return shown ? entries.map((entry) => ({ ...entry, board, title: lineOf(shown.stored.get('title')) })) : [];
}

/** A card that somebody moved who knew of both moves (BD10): they settled it without being asked. */
function isMovedOn(doc: Y.Doc, place: OverlapPlace, mine: FoundSide, theirs: FoundSide): boolean {
  if (place.at !== 'card' || place.key !== 'column' || mine.member === theirs.member) return false;
  const shown = shownOf(mapsOf(cardsOf(doc), place.card));
  const { contested } = shown ? readCard(shown.key, shown.stored, { labels: [], fields: [] }) : { contested: null };
  const movers = contested ? [contested.kept, ...contested.others].map(({ by }) => by) : [];
  return !movers.includes(mine.member) || !movers.includes(theirs.member);
}

class Labels {
  readonly #doc: Y.Doc;
  #definitions: Definitions | null = null;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
  }

  cardTitle(card: string): string {
    return lineOf(shownOf(mapsOf(cardsOf(this.#doc), card))?.stored.get('title'));
  }

  what(place: OverlapPlace): string {
    if (place.at === 'title') return 'the title';
    if (place.at === 'cell') return 'a cell of a table';
    if (place.at === 'accepted') return 'the accepted answer';
    if (place.at === 'state') return 'what becomes of the idea';
    if (place.at === 'vote') return 'the vote';
    if (place.at === 'card') {
      const field = /^(?:field|text)\/([^/]+)/.exec(place.key)?.[1];
      return whatOfCard(place, this.#fields.find(({ id }) => id === field)?.name ?? '');
    }
    const block = findBlock(this.#doc, place.block);
    return whatOfBlock(place, block ? blockOf(block).kind : '');
  }

  of(place: OverlapPlace, value: OverlapValue | null): string {
    if (value === null) return '';
    if (value.is !== 'value') return wordsOf(value);
    const said = value.value;
    if (said === null || said === undefined) return '';
    if (place.at === 'accepted') return this.#post(said);
    if (place.at === 'vote') return this.#choices(said);
    if (place.at === 'card' && place.key === 'column') return this.#column(said);
    if (place.at === 'card' && place.key.startsWith('field/')) return this.#choice(place.key, said);
    return typeof said === 'string' ? cutLine(said) : typeof said === 'number' ? String(said) : '';
  }

  #column(id: unknown): string {
    const column = typeof id === 'string' ? columnsOf(this.#doc).get(id) : null;
    const name = column && typeof column === 'object' ? (column as Y.Map<unknown>).get('name') : null;
    return lineOf(name) || 'a column that is gone';
  }

  #choice(key: string, said: unknown): string {
    const field = this.#fields.find(({ id }) => key === `field/${id}`);
    const choice = field?.choices.find(({ id }) => id === said);
    return choice?.name ?? (typeof said === 'string' || typeof said === 'number' ? cutLine(String(said)) : '');
  }

  #post(id: unknown): string {
    const text = readPosts(postsOf(this.#doc), null, []).find((post) => post.id === id)?.text ?? '';
    return cutLine(text.replace(/\s+/g, ' ')).slice(0, LONGEST_EXCERPT);
  }

  #choices(said: unknown): string {
    const { choices } = readPoll(this.#doc);
    const ids = Array.isArray(said) ? (said as unknown[]) : [];
    return choices.flatMap(({ id, text }) => (ids.includes(id) ? text : [])).join(', ');
  }

  get #fields(): Definitions['fields'] {
    this.#definitions ??= readDefinitions(this.#doc, []);
    return this.#definitions.fields;
  }
}
