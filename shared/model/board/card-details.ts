// What can be said of cards: dates, completion, priority, people, labels, links, custom fields. One transaction with an origin each; no command
// reads a clock or writes what is already so. Where cards stand is in card-commands.ts.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { isDocumentId } from '../document/meta.ts';
import { cardsOf, fieldsOf } from '../document/roots.ts';
import { rewriteLine } from '../document/title.ts';
import { sayAssigned } from './assigned.ts';
import { cardIn, cardsBy, labelIds } from './card-commands.ts';
import { FIELD, LABEL, MEMBER, readCompleted, TEXT, type LinkKind, type Priority } from './card.ts';
import { storedCover, type Cover } from './cover.ts';
import { readField } from './definitions.ts';
import { checkDate, fittingValue, joinedTexts, type CardDate } from './field-value.ts';
import { keyBehind } from './lanes.ts';
import { OTHER_END } from './links.ts';
import { newLine, storedIn, write, type Doing } from './stored.ts';
import { shownMap } from './whereabouts.ts';

/** @param due a time in milliseconds since the epoch, a day as `YYYY-MM-DD`, or null for none. */
export function setCardDue(doc: Y.Doc, id: string, due: CardDate | null, origin: unknown = null): void {
  setDate(doc, id, 'due', due, origin);
}

export function setCardStart(doc: Y.Doc, id: string, start: CardDate | null, origin: unknown = null): void {
  setDate(doc, id, 'start', start, origin);
}

export function setCardCover(doc: Y.Doc, id: string, cover: Cover | null, origin: unknown = null): void {
  doc.transact(() => write(cardIn(doc, id), 'cover', cover && storedCover(cover)), origin);
}

function setDate(doc: Y.Doc, id: string, key: 'start' | 'due', date: CardDate | null, origin: unknown): void {
  checkDate(date);
  doc.transact(() => write(cardIn(doc, id), key, date), origin);
}

/** Completes by hand: it holds wherever the card goes. What is complete keeps its first time. */
export function completeCard(doc: Y.Doc, id: string, doing: Doing, origin: unknown = null): void {
  doc.transact(() => {
    const card = cardIn(doc, id);
    const column = card.get('column');
    const known = readCompleted(card.get('completed'), isDocumentId(column) ? column : null);
    if (!known) card.set('completed', { by: doing.by, at: doing.at });
  }, origin);
}

export function reopenCard(doc: Y.Doc, id: string, origin: unknown = null): void {
  doc.transact(() => write(cardIn(doc, id), 'completed', null), origin);
}

export function setCardPriority(doc: Y.Doc, id: string, priority: Priority | null, origin: unknown = null): void {
  doc.transact(() => write(cardIn(doc, id), 'priority', priority), origin);
}

/** Puts a person on the cards, behind those who are there, or takes them off. @param doing who does it, so that the person can be told; null says nothing. */
export function setCardMember(
  doc: Y.Doc,
  ids: readonly string[],
  member: string,
  on: boolean,
  origin: unknown = null,
  doing: Doing | null = null,
): void {
  doc.transact(() => {
    if (isDocumentId(member)) {
      for (const card of cardsBy(doc, ids).values()) {
        if (on !== card.has(MEMBER + member)) sayAssigned(card, member, on ? doing : null);
      }
    }
    setToken(doc, ids, MEMBER, member, on, origin);
  }, origin);
}

export function setCardLabel(
  doc: Y.Doc,
  ids: readonly string[],
  label: string,
  on: boolean,
  origin: unknown = null,
): void {
  if (on && !labelIds(doc).has(label)) {
    throw new AppError('not-found', 'This label is not on the board any more. Nothing was changed.');
  }
  setToken(doc, ids, LABEL, label, on, origin);
}

function setToken(
  doc: Y.Doc,
  ids: readonly string[],
  prefix: string,
  token: string,
  on: boolean,
  origin: unknown,
): void {
  if (!isDocumentId(token)) throw new AppError('bad-input', 'This is not an id. Nothing was changed.');
  doc.transact(() => {
    for (const card of cardsBy(doc, ids).values()) {
      if (!on) write(card, prefix + token, null);
      else if (!card.has(prefix + token)) card.set(prefix + token, keyBehind(card, prefix));
    }
  }, origin);
}

/** Links a card to another, or to a page. `target`: a document's id; a card of another board, too. */
export function linkCard(doc: Y.Doc, id: string, kind: LinkKind, target: string, origin: unknown = null): void {
  if (!isDocumentId(target) || target === id) {
    throw new AppError('bad-input', 'A card is linked to another card or to a page. Nothing was changed.');
  }
  doc.transact(() => write(cardIn(doc, id), `${kind}/${target}`, true), origin);
}

/** Takes the link away, whichever of the two cards says it. */
export function unlinkCard(doc: Y.Doc, id: string, kind: LinkKind, target: string, origin: unknown = null): void {
  doc.transact(() => {
    write(cardIn(doc, id), `${kind}/${target}`, null);
    const other = shownMap(cardsOf(doc), target);
    const end = OTHER_END[kind];
    if (end !== null && other) write(other, `${end}/${id}`, null);
  }, origin);
}

/** Says a number, a date, a choice or a person in a custom field; null takes it back. A value of another kind is refused. */
export function setCardField(
  doc: Y.Doc,
  id: string,
  field: string,
  value: string | number | null,
  origin: unknown = null,
): void {
  doc.transact(() => {
    const known = readField(field, storedIn(fieldsOf(doc), field, 'field'));
    if (value !== null && (!known || fittingValue(known, value) === null)) {
      throw new AppError('bad-input', 'This field cannot hold that. Nothing was changed.');
    }
    write(cardIn(doc, id), FIELD + field, value);
  }, origin);
}

/**
 * Makes the text of a text field `text`, replacing only what differs. Texts that people wrote at the same time apart become one line;
 * what somebody else types in any of them meanwhile stays.
 */
export function writeCardText(doc: Y.Doc, id: string, field: string, text: string, origin: unknown = null): void {
  doc.transact(() => {
    if (readField(field, storedIn(fieldsOf(doc), field, 'field'))?.kind !== 'text') {
      throw new AppError('bad-input', 'This field holds no text. Nothing was changed.');
    }
    const card = cardIn(doc, id);
    const prefix = `${TEXT}${field}/`;
    const texts: [string, Y.Text][] = [];
    for (const [key, value] of card.entries()) {
      if (key.startsWith(prefix) && value instanceof Y.Text) texts.push([key, value]);
    }
    if (joinedTexts(texts) === text) return;
    const [first, ...rest] = texts.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
    if (!first) card.set(prefix + randomId(), newLine(text));
    else {
      rewriteLine(first, text);
      for (const other of rest) rewriteLine(other, '');
    }
  }, origin);
}
