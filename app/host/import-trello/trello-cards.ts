// The cards of a Trello export with their checklists and attachments. Total: a card that can be named at all becomes a card.
import { asWebAddress } from '../../../shared/model/board/card-files.ts';
import type { Leftovers } from './left-behind.ts';
import {
  at,
  byPosition,
  entriesAt,
  idAt,
  idsAt,
  isRaw,
  lineAt,
  listAt,
  rawsAt,
  textAt,
  timeAt,
  type Raw,
} from './raw-export.ts';
import type { TrelloLog } from './trello-actions.ts';
import { labelsOn, readFieldValues } from './trello-fields.ts';
import type { PlannedAttachment, PlannedCard, PlannedChecklist, PlannedColumn, PlannedField } from './trello-plan.ts';

export interface TrelloBoard {
  readonly columns: ReadonlyMap<string, PlannedColumn>;
  readonly labels: ReadonlySet<string>;
  readonly fields: ReadonlyMap<string, PlannedField>;
  readonly log: TrelloLog;
  /** The stored lists of items, by card. */
  readonly checklists: ReadonlyMap<string, readonly Raw[]>;
}

const NO_COMMENTS: PlannedCard['comments'] = Object.freeze([]);

export function readCards(
  cards: readonly (Raw & { readonly id: string })[],
  board: TrelloBoard,
  left: Leftovers,
): readonly PlannedCard[] {
  const places = new Map([...board.columns.keys()].map((id, place) => [id, place]));
  const placeOf = (card: PlannedCard): number => places.get(card.column ?? '') ?? places.size;
  return byPosition(cards)
    .map((card) => readCard(card, board, left))
    .sort((a, b) => placeOf(a) - placeOf(b));
}

function readCard(card: Raw & { readonly id: string }, board: TrelloBoard, left: Leftovers): PlannedCard {
  const title = lineAt(card, 'name', left);
  const column = board.columns.get(idAt(card, 'idList') ?? '');
  if (!column) left.add('without-list', title);
  const labels = labelsOn(card);
  left.add('unknown-label', title, labels.filter((id) => !board.labels.has(id)).length);
  const made = board.log.made.get(card.id);
  const comments = board.log.comments.get(card.id) ?? NO_COMMENTS;
  const counted = at(at(card, 'badges'), 'comments');
  if (typeof counted === 'number' && Number.isSafeInteger(counted))
    left.add('missing-comment', title, counted - comments.length);
  countWhatHasNoPlace(card, title, left);
  return {
    source: card.id,
    shortLink: idAt(card, 'shortLink') ?? '',
    title,
    description: textAt(card, 'desc'),
    column: column?.source ?? null,
    archived: at(card, 'closed') === true || column?.archived === true,
    createdAt: made?.at ?? timeOfId(card.id),
    createdBy: made?.by ?? null,
    start: timeAt(card, 'start', left, title),
    due: timeAt(card, 'due', left, title),
    complete: at(card, 'dueComplete') === true,
    members: idsAt(card, 'idMembers'),
    labels: labels.filter((id) => board.labels.has(id)),
    checklists: readChecklists(board.checklists.get(card.id) ?? [], left, title),
    comments,
    attachments: readAttachments(card, left, title),
    values: readFieldValues(card, board.fields, left, title),
  };
}

/** The lists of items by their card: they stand beside the cards, in some exports inside them. */
export function checklistsByCard(
  board: Raw,
  cards: readonly (Raw & { readonly id: string })[],
  left: Leftovers,
): ReadonlyMap<string, readonly Raw[]> {
  const found = new Map<string, Raw[]>();
  const seen = new Set<string>();
  const known = new Set(cards.map((card) => card.id));
  const take = (card: string | null, list: Raw & { readonly id: string }): void => {
    if (seen.has(list.id)) return;
    seen.add(list.id);
    if (card === null || !known.has(card)) {
      left.add('unreadable', textAt(list, 'name'));
      return;
    }
    const lists = found.get(card) ?? [];
    found.set(card, lists);
    lists.push(list);
  };
  for (const list of entriesAt(board, 'checklists', left)) take(idAt(list, 'idCard'), list);
  for (const card of cards) {
    if (listAt(card, 'checklists').some(isRaw))
      for (const list of entriesAt(card, 'checklists', left)) take(card.id, list);
  }
  return found;
}

function readChecklists(lists: readonly Raw[], left: Leftovers, title: string): readonly PlannedChecklist[] {
  return byPosition(lists).map((list) => ({
    name: lineAt(list, 'name', left),
    items: byPosition(rawsAt(list, 'checkItems', left)).map((item) => ({
      text: lineAt(item, 'name', left),
      checked: at(item, 'state') === 'complete',
      due: timeAt(item, 'due', left, title),
      member: idAt(item, 'idMember'),
    })),
  }));
}

function readAttachments(card: Raw, left: Leftovers, title: string): readonly PlannedAttachment[] {
  return byPosition(rawsAt(card, 'attachments', left)).map((one) => {
    const url = asWebAddress(at(one, 'url'));
    if (url === null) left.add('attachment-address', title);
    const uploaded = at(one, 'isUpload') === true;
    if (uploaded) left.add('upload', title);
    const bytes = at(one, 'bytes');
    const name = lineAt(one, 'name', left);
    return {
      name: name === '' ? lineAt(one, 'fileName', left) : name,
      url,
      uploaded,
      by: idAt(one, 'idMember'),
      at: timeAt(one, 'date', left, title),
      bytes: typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null,
    };
  });
}

/** Trello's ids begin with the second in which they were made. */
function timeOfId(id: string): number | null {
  return /^[0-9a-f]{24}$/.test(id) ? parseInt(id.slice(0, 8), 16) * 1_000 : null;
}

function countWhatHasNoPlace(card: Raw, title: string, left: Leftovers): void {
  if (listAt(card, 'idMembersVoted').length > 0) left.add('votes', title);
  const cover = at(card, 'cover');
  if (['idAttachment', 'color', 'idUploadedBackground', 'idPlugin'].some((key) => isSaid(at(cover, key))))
    left.add('cover', title);
  left.add('sticker', title, listAt(card, 'stickers').length);
  if (['address', 'locationName', 'coordinates'].some((key) => isSaid(at(card, key)))) left.add('location', title);
  left.add('power-up', title, listAt(card, 'pluginData').length);
  if (at(card, 'isTemplate') === true) left.add('template-card', title);
  if (isSaid(at(card, 'cardRole'))) left.add('special-card', title);
  const reminder = at(card, 'dueReminder');
  if (typeof reminder === 'number' && reminder >= 0) left.add('reminder', title);
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false;
}
