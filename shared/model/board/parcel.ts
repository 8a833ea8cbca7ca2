// Cards on their way to another board (docs/documents.md, GO1 and GO2): what they take along, by which names that board calls it, and how they leave and arrive. Which boards these are, and who may, is not decided here.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { readEntry, writeEntry, type PlainEntry } from '../document/plain-maps.ts';
import { cardsOf, metaOf } from '../document/roots.ts';
import { byRule, openColumn, placedIn, placesFor } from './card-commands.ts';
import { FIELD, LABEL, LINK_KINDS, TEXT, type Card } from './card.ts';
import { addChoice, addField, addLabel } from './definition-commands.ts';
import type { Definitions, Field, Label } from './definitions.ts';
import { MOVED } from './moves.ts';
import { writePeople, type NamedPerson } from './people.ts';
import { isOfThisDocument } from './plain.ts';
import { readBoard, type Board } from './read.ts';
import type { After, Doing } from './stored.ts';
import { arrivalKey, CAME, mapsOf, seenNow, timesGone, WENT } from './whereabouts.ts';

/** A card as it is taken from its board. */
export interface Taken {
  readonly card: Card;
  readonly entry: PlainEntry;
  /** Whether it is complete because of the column where it stands. */
  readonly byRule: boolean;
  /** How often it has gone. */
  readonly times: number;
}

export interface TakenCards extends Definitions {
  readonly cards: readonly Taken[];
  readonly people: readonly NamedPerson[];
}

/** In the order of `ids`; refused where one of them is not on the board. It writes nothing. */
export function takeCards(doc: Y.Doc, ids: readonly string[]): TakenCards {
  const board = readBoard(doc);
  const shown = new Map(cardsThatGo(board).map((card) => [card.id, card]));
  const cards = [...new Set(ids)].map((id): Taken => {
    const card = shown.get(id);
    if (!card)
      throw new AppError('not-found', 'A card is not on this board any more. Nothing was changed; choose again.', {
        details: { id },
      });
    const stored = cardsOf(doc).get(card.place.key) as Y.Map<unknown>;
    const links = LINK_KINDS.flatMap((kind) => card.links[kind].map((to) => [`${kind}/${to}`, true] as const));
    const entry = { ...readEntry(stored, isOfThisDocument), ...Object.fromEntries(links) };
    const said = entry['completed'];
    const rule = card.completed !== null && typeof said === 'object' && said !== null && Object.hasOwn(said, 'column');
    return { card, entry, byRule: rule, times: timesGone(mapsOf(cardsOf(doc), id)) };
  });
  return { cards, labels: board.labels, fields: board.fields, people: board.people };
}

function cardsThatGo({ columns, unsorted, restored, archived }: Board): readonly Card[] {
  return [...columns.flatMap(({ cards }) => cards), ...unsorted, ...restored, ...archived];
}

/** What another board has for what cards say, by name: of labels, of fields by name and kind, of choices. */
export interface Matching {
  /** By ids here, ids there. */
  readonly labels: Map<string, string>;
  readonly fields: Map<string, string>;
  /** By `<field>/<choice>`. */
  readonly choices: Map<string, string>;
  readonly missing: {
    readonly labels: readonly Label[];
    readonly fields: readonly Field[];
    /** Of fields that are there. */
    readonly choices: readonly { readonly field: Field; readonly choice: Label }[];
  };
}

export function matchDefinitions(taken: TakenCards, there: Definitions): Matching {
  const used = taken.cards.map(({ card }) => card);
  const labels = new Map<string, string>();
  const fields = new Map<string, string>();
  const choices = new Map<string, string>();
  const missing = { labels: [] as Label[], fields: [] as Field[], choices: [] as { field: Field; choice: Label }[] };
  for (const label of taken.labels.filter(({ id }) => used.some((card) => card.labels.includes(id)))) {
    const same = there.labels.find((one) => sameName(one, label));
    if (same) labels.set(label.id, same.id);
    else missing.labels.push(label);
  }
  for (const field of taken.fields) {
    const values = used.flatMap((card) => card.values.filter((one) => one.field === field.id));
    if (values.length === 0) continue;
    const same = there.fields.find((one) => one.kind === field.kind && sameName(one, field));
    if (same) fields.set(field.id, same.id);
    else missing.fields.push(field);
    for (const choice of field.choices.filter(({ id }) => values.some(({ value }) => value === id))) {
      const known = same?.choices.find((one) => sameName(one, choice));
      if (known) choices.set(`${field.id}/${choice.id}`, known.id);
      else if (same) missing.choices.push({ field, choice });
    }
  }
  return { labels, fields, choices, missing };
}

/** What has no name is the same by its colour. */
function sameName(a: Label | Field, b: Label | Field): boolean {
  const [one, other] = [a, b].map(({ name }) => name.trim().toLowerCase());
  if (one !== other) return false;
  return one !== '' || !('colour' in a) || !('colour' in b) || a.colour === b.colour;
}

/** Makes on the board what it has no name for; labels only where that is wanted, else cards come without. The caller owns the transaction. */
export function makeMissing(doc: Y.Doc, { labels, fields, choices, missing }: Matching, makeLabels: boolean): void {
  for (const { id, name, colour } of makeLabels ? missing.labels : []) labels.set(id, addLabel(doc, { name, colour }));
  for (const { id, name, kind, choices: all } of missing.fields) {
    const field = addField(doc, { name, kind });
    fields.set(id, field);
    for (const one of all)
      choices.set(`${id}/${one.id}`, addChoice(doc, field, { name: one.name, colour: one.colour }));
  }
  for (const { field, choice } of missing.choices) {
    const { name, colour } = choice;
    choices.set(`${field.id}/${choice.id}`, addChoice(doc, fields.get(field.id) ?? '', { name, colour }));
  }
}

export interface Change {
  readonly matching: Matching;
  /** Of copies that are made together, where links lead to them. */
  readonly ids: ReadonlyMap<string, string>;
  /** Who makes copies, where they are copies. */
  readonly copiedBy: Doing | null;
}

/** What a card says, in the words of the other board; where it stands there is not said. What that board has no word for stays behind. */
export function changeEntry(entry: PlainEntry, { matching, ids, copiedBy }: Change): Record<string, unknown> {
  const changed: [string, unknown][] = [];
  for (const [key, value] of Object.entries(entry)) {
    const slash = key.indexOf('/') + 1;
    const [prefix, rest] = [key.slice(0, slash), key.slice(slash)];
    if (prefix === LABEL) {
      const label = matching.labels.get(rest);
      if (label !== undefined) changed.push([LABEL + label, value]);
    } else if (prefix === FIELD) {
      const field = matching.fields.get(rest);
      const choice = typeof value === 'string' ? matching.choices.get(`${rest}/${value}`) : undefined;
      if (field !== undefined) changed.push([FIELD + field, choice ?? value]);
    } else if (prefix === TEXT) {
      const [field = '', part = ''] = rest.split('/');
      const there = matching.fields.get(field);
      if (there !== undefined) changed.push([`${TEXT}${there}/${part}`, value]);
    } else if (prefix === MOVED || key === 'column' || key === 'order') continue;
    else if (LINK_KINDS.some((kind) => prefix === `${kind}/`)) changed.push([prefix + (ids.get(rest) ?? rest), value]);
    else if (key === 'createdBy' && copiedBy) changed.push([key, copiedBy.by]);
    else if (key === 'createdAt' && copiedBy) changed.push([key, copiedBy.at]);
    else changed.push([key, value]);
  }
  return Object.fromEntries(changed);
}

/** One card that arrives; without a going it is a copy, under an id of its own. */
export interface Parcel {
  readonly id: string;
  readonly taken: Taken;
  readonly going: { readonly id: string; readonly from: string; readonly n: number } | null;
}

/** Cards that are put behind one another. */
export interface Run {
  readonly column: string;
  readonly after?: After;
  readonly parcels: readonly Parcel[];
}

export interface Sending {
  readonly taken: TakenCards;
  /** Whether labels are made that the board does not have. */
  readonly makeLabels: boolean;
  readonly doing: Doing;
  readonly isCopy: boolean;
  /** Who wrote the comments on them. */
  readonly authors: ReadonlySet<string>;
}

/** Puts cards on a board, in one transaction: all of them, or (a column is gone, or takes no more) none. */
export function placeCards(doc: Y.Doc, runs: readonly Run[], sending: Sending, origin: unknown = null): void {
  const { taken, makeLabels, doing, isCopy, authors } = sending;
  doc.transact(() => {
    // Looked at first: what was made for cards that cannot come would stay.
    for (const run of runs) openColumn(doc, run, run.parcels.length);
    const matching = matchDefinitions(taken, readBoard(doc));
    makeMissing(doc, matching, makeLabels);
    const all = runs.flatMap(({ parcels }) => parcels);
    const ids = new Map(isCopy ? all.map(({ id, taken: { card } }) => [card.id, id]) : []);
    const change = { matching, ids, copiedBy: isCopy ? doing : null };
    const root = cardsOf(doc);
    for (const { column: id, after, parcels } of runs) {
      const column = openColumn(doc, { column: id }, parcels.length);
      const orders = placesFor(doc, placedIn(doc, id), after, parcels.length);
      for (const [at, parcel] of parcels.entries()) {
        const entry = { ...changeEntry(parcel.taken.entry, change), column: id, order: orders[at] ?? '' };
        const completed = completedThere(parcel.taken, id, column.get('completes') === true, doing);
        const { completed: _before, ...rest } = entry as Record<string, unknown>;
        const written = completed === null ? rest : { ...rest, completed };
        const { going } = parcel;
        if (!going) writeEntry(root, parcel.id, written);
        else {
          const map = writeEntry(root, arrivalKey(parcel.id, going.id), written);
          const { n, from } = going;
          map.set(CAME, { n, by: doing.by, at: doing.at, from, seen: seenNow(map) });
        }
      }
    }
    markBoard(
      doc,
      all.flatMap(({ going }) => going?.id ?? []),
    );
    writePeople(doc, peopleOn(taken, authors));
  }, origin);
}

function completedThere(
  { card, entry, byRule: rule }: Taken,
  column: string,
  completes: boolean,
  doing: Doing,
): unknown {
  const { completed } = card;
  if (!completed) return completes ? byRule(doing, column) : null;
  if (!rule) return entry['completed'] ?? null;
  return completes ? byRule(completed, column) : null;
}

/** Those whom the cards name who are no members. */
function peopleOn({ people, cards, fields }: TakenCards, authors: ReadonlySet<string>): readonly NamedPerson[] {
  const persons = new Set(fields.flatMap(({ id, kind }) => (kind === 'person' ? [id] : [])));
  const named = new Set<unknown>(authors);
  for (const { card } of cards) {
    const items = card.checklists.flatMap((list) => list.items.map((item) => item.member));
    const values = card.values.filter(({ field }) => persons.has(field)).map(({ value }) => value);
    for (const one of [...card.members, ...items, ...values, card.createdBy, card.completed?.by]) named.add(one);
  }
  return people.filter(({ id }) => named.has(id));
}

/** Says of cards that they are on their way; they show here until their leaving is sure. Answers the going of each. */
export function beginLeaving(
  doc: Y.Doc,
  { cards }: TakenCards,
  to: string,
  doing: Doing,
  origin: unknown = null,
): ReadonlyMap<string, { readonly id: string; readonly n: number }> {
  const goings = new Map<string, { readonly id: string; readonly n: number }>();
  doc.transact(() => {
    for (const { card, times } of cards) {
      const going = { id: randomId(), n: times + 1 };
      const stored = cardsOf(doc).get(card.place.key) as Y.Map<unknown>;
      stored.set(WENT + going.id, { n: going.n, by: doing.by, at: doing.at, to, seen: seenNow(stored) });
      goings.set(card.id, going);
    }
  }, origin);
  return goings;
}

/** They are there: they do not show here any more. */
export function endLeaving(doc: Y.Doc, goings: ReadonlySet<string>, origin: unknown = null): void {
  doc.transact(() => {
    for (const [card, key, said] of leavingsIn(doc, goings)) {
      if (typeof said !== 'object' || said === null || (said as { sure?: unknown }).sure === true) continue;
      card.set(key, { ...said, sure: true });
    }
    markBoard(doc, goings);
  }, origin);
}

/** They did not get there: nothing is said of it. */
export function cancelLeaving(doc: Y.Doc, goings: ReadonlySet<string>, origin: unknown = null): void {
  doc.transact(() => {
    for (const [card, key] of leavingsIn(doc, goings)) card.delete(key);
  }, origin);
}

function leavingsIn(doc: Y.Doc, goings: ReadonlySet<string>): readonly (readonly [Y.Map<unknown>, string, unknown])[] {
  return [...cardsOf(doc).values()].flatMap((stored) => {
    if (!(stored instanceof Y.Map)) return [];
    const card = stored as Y.Map<unknown>;
    const keys = [...card.keys()].filter((key) => key.startsWith(WENT) && goings.has(key.slice(WENT.length)));
    return keys.map((key) => [card, key, card.get(key)] as const);
  });
}

const MARK = 'cardsWent/';

/**
 * Hosts hear of goings by a word in the board's `meta`, so that they need not read every board after every change: one key for
 * each writing, since of two that are made apart both must be heard of. The caller owns the transaction.
 */
export function markBoard(doc: Y.Doc, goings: Iterable<string>): void {
  for (const going of goings) {
    if (metaOf(doc).has(MARK + going)) continue;
    metaOf(doc).set(MARK + going, true);
    return;
  }
}

/** How many such words a board has. */
export function readBoardMarks(doc: Y.Doc): number {
  return [...metaOf(doc).keys()].filter((key) => key.startsWith(MARK)).length;
}
