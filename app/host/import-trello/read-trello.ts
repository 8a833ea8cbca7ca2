// A board that Trello exported as JSON, read into a plan: what becomes what, and what has no place. Total on any file; it writes nothing and
// fetches nothing.
import { MOST_LIMIT } from '../../../shared/model/board/read.ts';
import { Leftovers } from './left-behind.ts';
import { at, byPosition, entriesAt, isRaw, lineAt, listAt, textAt, type Raw } from './raw-export.ts';
import { readActions, type TrelloLog } from './trello-actions.ts';
import { checklistsByCard, readCards } from './trello-cards.ts';
import { hueOf, readFields, readLabels } from './trello-fields.ts';
import type { PlannedCard, PlannedColumn, PlannedMember, TrelloReading } from './trello-plan.ts';

const NOT_TRELLO =
  'This file is not a board that Trello exported as JSON. Nothing was imported. In Trello choose "Print, export, and share", then "Export as JSON".';

/** @param text the whole file. */
export function readTrello(text: string): TrelloReading {
  let board: unknown;
  try {
    board = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch {
    return { kind: 'refused', message: NOT_TRELLO }; // JSON.parse tells broken files only by throwing.
  }
  if (!isRaw(board) || !Array.isArray(at(board, 'lists')) || !Array.isArray(at(board, 'cards'))) {
    return { kind: 'refused', message: NOT_TRELLO };
  }
  const left = new Leftovers();
  const title = lineAt(board, 'name', left);
  const cards = entriesAt(board, 'cards', left);
  const columns = readColumns(board, left);
  const labels = readLabels(board, cards, left);
  const fields = readFields(board, left);
  const log = readActions(board, new Set(cards.map((card) => card.id)), left);
  const planned = readCards(
    cards,
    {
      columns: new Map(columns.map((column) => [column.source, column])),
      labels: new Set(labels.map((label) => label.source)),
      fields: new Map(fields.map((field) => [field.source, field])),
      log,
      checklists: checklistsByCard(board, cards, left),
    },
    left,
  );
  const members = readMembers(board, planned, log, left);
  if (at(board, 'closed') === true) left.add('archived-board', title);
  left.add('power-up', title, listAt(board, 'pluginData').length);
  const description = textAt(board, 'desc');
  return {
    kind: 'plan',
    plan: { title, description, columns, labels, members, fields, cards: planned, left: left.list() },
  };
}

function readColumns(board: Raw, left: Leftovers): readonly PlannedColumn[] {
  return byPosition(entriesAt(board, 'lists', left)).map((list) => {
    const name = lineAt(list, 'name', left);
    const archived = at(list, 'closed') === true;
    if (archived) left.add('archived-list', name);
    const limit = at(list, 'softLimit');
    const fits = typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= MOST_LIMIT;
    return { source: list.id, name, archived, colour: hueOf(at(list, 'color')), limit: fits ? limit : null };
  });
}

/** Whoever the board has as a member, and whoever cards and comments name besides. */
function readMembers(
  board: Raw,
  cards: readonly PlannedCard[],
  log: TrelloLog,
  left: Leftovers,
): readonly PlannedMember[] {
  const raws = new Map<string, Raw | null>(entriesAt(board, 'members', left).map((member) => [member.id, member]));
  const named = (id: string | null): void => {
    if (id !== null && !raws.has(id)) raws.set(id, log.authors.get(id) ?? null);
  };
  const onCards = new Map<string, number>();
  const comments = new Map<string, number>();
  const count = (counts: Map<string, number>, id: string | null): void => {
    named(id);
    if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  for (const card of cards) {
    for (const member of card.members) count(onCards, member);
    for (const comment of card.comments) count(comments, comment.author);
    named(card.createdBy);
    for (const { items } of card.checklists) for (const item of items) named(item.member);
  }
  return [...raws].map(([source, raw]) => {
    const username = lineAt(raw, 'username', left);
    const name = lineAt(raw, 'fullName', left) || username;
    if (name === '') left.add('unknown-member', source);
    return { source, name, username, cards: onCards.get(source) ?? 0, comments: comments.get(source) ?? 0 };
  });
}
