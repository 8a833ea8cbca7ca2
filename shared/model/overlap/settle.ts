// The command that settles what two people changed apart (docs/documents.md, OV): one version of it, or words made of both, with a mark that says who settled it how. Nothing else of the document is touched, and no version is lost: it stays in the history.
import * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import { bodyOf, cardsOf, overlapsOf, titleOf, votesOf } from '../document/roots.ts';
import { rewriteLine } from '../document/title.ts';
import { cardIn, keepPlace, moveCard, renameCard } from '../board/card-commands.ts';
import type { Doing } from '../board/stored.ts';
import { shownMap } from '../board/whereabouts.ts';
import type { Inline } from '../page/block.ts';
import { itemOf } from '../page/fragments.ts';
import { attributesFor, isTextKind } from '../page/marker.ts';
import { unitsOf } from '../page/block-units.ts';
import { contentUnits, indexAfter } from '../page/restore-block.ts';
import { rewriteContent } from '../page/rewrite-content.ts';
import { readCell } from '../page/table-read.ts';
import { acceptAnswer, decide, unacceptAnswer } from '../thread/fact-commands.ts';
import { IDEA_STATES } from '../thread/facts.ts';
import { cardValue, findBlock, sameOverlapValue, valueAt, type OverlapPlace, type OverlapValue } from './place.ts';

/** `left`: what stands is right as it is. */
export const OVERLAP_CHOICES = ['keep', 'take', 'combine', 'left'] as const;
export type OverlapChoice = (typeof OVERLAP_CHOICES)[number];

export interface Settled extends Doing {
  readonly choice: OverlapChoice;
}

export interface Settling {
  readonly id: string;
  readonly place: OverlapPlace;
  readonly choice: OverlapChoice;
  /** What is to stand there from now on; null: what stands there. */
  readonly value: OverlapValue | null;
  readonly doing: Doing;
}

/** By overlap, the first first. Total. */
export function readSettled(doc: Y.Doc): ReadonlyMap<string, readonly Settled[]> {
  const found = new Map<string, Settled[]>();
  for (const [key, value] of overlapsOf(doc).entries()) {
    const [id, by, ...rest] = key.split('/');
    if (!isDocumentId(id) || !isDocumentId(by) || rest.length > 0) continue;
    const { choice, at } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
    const known = OVERLAP_CHOICES.find((one) => one === choice);
    const time = readTime(at);
    if (!known || time === null) continue;
    const list = found.get(id) ?? [];
    list.push({ by, at: time, choice: known });
    found.set(id, list);
  }
  for (const list of found.values()) list.sort((a, b) => a.at - b.at || (a.by < b.by ? -1 : 1));
  return found;
}

/** One transaction. 'gone': there is no such place any more, and nothing was written. */
export function settleOverlap(doc: Y.Doc, settling: Settling, origin: unknown): 'settled' | 'gone' {
  let outcome: 'settled' | 'gone' = 'settled';
  doc.transact(() => {
    const { id, place, choice, value, doing } = settling;
    const now = valueAt(doc, place);
    if (now === null && value !== null) {
      outcome = 'gone';
      return;
    }
    if (value !== null && !sameOverlapValue(now, value)) write(doc, place, value, doing);
    else if (place.at === 'card' && place.key === 'column' && shownMap(cardsOf(doc), place.card)) {
      keepPlace(doc, place.card, doing);
    }
    overlapsOf(doc).set(`${id}/${doing.by}`, { choice, at: doing.at });
  }, origin);
  return outcome;
}

/** The caller owns the transaction. */
function write(doc: Y.Doc, place: OverlapPlace, value: OverlapValue, doing: Doing): void {
  const plain = value.is === 'value' ? value.value : null;
  switch (place.at) {
    case 'title':
      if (value.is === 'line') rewriteLine(titleOf(doc), value.text);
      return;
    case 'words':
      if (value.is === 'words') writeWords(doc, place.block, value.content);
      return;
    case 'block':
      writePart(doc, place, plain);
      return;
    case 'cell':
      if (value.is === 'words') writeCell(doc, place, value.content);
      return;
    case 'card':
      writeCard(doc, place, value, doing);
      return;
    case 'accepted':
      if (isDocumentId(plain)) acceptAnswer(doc, plain, doing);
      else unacceptAnswer(doc);
      return;
    case 'state': {
      const { state, reason } = (plain ?? {}) as { state?: unknown; reason?: unknown };
      const known = IDEA_STATES.find((one) => one === state);
      if (known) decide(doc, { state: known, reason: typeof reason === 'string' ? reason : '', ...doing });
      return;
    }
    case 'vote':
      // Nobody votes for another.
      if (place.member !== doing.by) return;
      if (Array.isArray(plain)) votesOf(doc).set(place.member, { choices: plain, at: doing.at });
      else votesOf(doc).delete(place.member);
  }
}

function writeWords(doc: Y.Doc, id: string, content: readonly Inline[]): void {
  const block = findBlock(doc, id);
  if (block?.type !== 'text') return;
  const body = bodyOf(doc);
  const marker = block.virtual ? null : (block.fragments[0]?.marker ?? null);
  rewriteContent(body, contentUnits(body, block.fragments), marker ? indexAfter(body, itemOf(marker)) : 0, content);
}

function writePart(doc: Y.Doc, place: Extract<OverlapPlace, { at: 'block' }>, value: unknown): void {
  const block = findBlock(doc, place.block);
  const marker = block && !block.virtual ? (block.fragments[0]?.marker ?? null) : null;
  if (!marker) return;
  const set = (key: string, wanted: unknown, otherwise: unknown): void => {
    if (wanted === otherwise && marker.has(key)) marker.delete(key);
    else if (wanted !== otherwise && marker.get(key) !== wanted) marker.set(key, wanted);
  };
  if (place.part === 'indent') set('indent', typeof value === 'number' ? value : 0, 0);
  else if (place.part === 'checked') set('checked', value === true, false);
  else {
    const { kind, level, language } = (value ?? {}) as Record<string, unknown>;
    if (typeof kind !== 'string' || !isTextKind(kind)) return;
    const said = attributesFor(kind, {
      level: typeof level === 'number' ? level : 1,
      language: typeof language === 'string' ? language : '',
    });
    if (marker.get('kind') !== kind) marker.set('kind', kind);
    set('level', said.level, 1);
    set('language', said.language, '');
  }
}

function writeCell(doc: Y.Doc, place: Extract<OverlapPlace, { at: 'cell' }>, content: readonly Inline[]): void {
  const marker = findBlock(doc, place.block)?.fragments[0]?.marker;
  const texts = marker ? readCell(marker, place.row, place.column) : [];
  for (const [at, { text }] of texts.entries())
    rewriteContent(text, unitsOf(text, FIRST).get(null) ?? [], 0, at === 0 ? content : []);
}

/** A cell's text is content from its start on. */
const FIRST: ReadonlySet<null> = new Set([null]);

function writeCard(doc: Y.Doc, place: Extract<OverlapPlace, { at: 'card' }>, value: OverlapValue, doing: Doing): void {
  if (!shownMap(cardsOf(doc), place.card)) return;
  const { card, key, inner } = place;
  const there = cardValue(doc, place);
  if (value.is === 'line') {
    if (key === 'title' && inner === null) renameCard(doc, card, value.text);
    else if (there instanceof Y.Text) rewriteLine(there, value.text);
    return;
  }
  if (value.is !== 'value') return;
  if (key === 'column') {
    if (isDocumentId(value.value)) moveCard(doc, card, { column: value.value }, doing);
    return;
  }
  const map = inner === null ? cardIn(doc, card) : cardIn(doc, card).get(key);
  if (!(map instanceof Y.Map)) return;
  const name = inner ?? key;
  if (value.value === null) (map as Y.Map<unknown>).delete(name);
  else (map as Y.Map<unknown>).set(name, value.value);
}
