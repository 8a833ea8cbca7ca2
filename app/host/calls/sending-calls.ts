// Calls that copy or move cards to another board: who may, what would come of it, and what was written in a card where it is not any more.
import { AppError } from '../../../shared/base/app-error.ts';
import type { Card } from '../../../shared/model/board/card.ts';
import { readLate, settleLate, writeLate } from '../../../shared/model/board/late-words.ts';
import { matchDefinitions, takeCards, type TakenCards } from '../../../shared/model/board/parcel.ts';
import { readBoard, type Board } from '../../../shared/model/board/read.ts';
import { progressOf } from '../../../shared/model/board/checklist.ts';
import { shownMap } from '../../../shared/model/board/whereabouts.ts';
import { cardsOf } from '../../../shared/model/document/roots.ts';
import type { DocEntry } from '../../contract/entities.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { bringPage, leavePage, pageRoom, type BoardPlace } from '../card-pages-apart.ts';
import { outsidersOf, partOf } from '../membership-entries.ts';
import { referencesOf } from '../links/document-links.ts';
import { copyCardsTo, moveCardsTo, pagesOf, takeBack } from '../send-cards.ts';
import type { Workspace } from '../workspace.ts';
import { foundBoard } from './board-calls.ts';
import { mayWrite } from './moving-calls.ts';

interface Asked {
  readonly workspace: string;
  readonly document: string;
  readonly to: string;
  readonly copy: boolean;
}

interface Boards {
  readonly workspace: Workspace;
  readonly from: DocEntry;
  readonly to: DocEntry;
  readonly crosses: boolean;
}

/** Both boards, where one may do it; else the reason. */
function boardsOf(host: HostParts, { workspace: id, document, to: target, copy }: Asked): Boards {
  const workspace = host.workspaces.get(id);
  const from = foundBoard(host, { workspace: id, document });
  const to = foundBoard(host, { workspace: id, document: target });
  if (!copy && from.id === to.id) {
    throw new AppError('bad-input', 'The cards are on this board already. Nothing was changed.');
  }
  if (!copy && !mayWrite(workspace, from.space)) {
    throw new AppError(
      'not-allowed',
      'To move a card one must be able to write in the space of its board as well. Nothing was changed; a copy needs only the other one.',
    );
  }
  if (!mayWrite(workspace, to.space)) {
    throw new AppError(
      'not-allowed',
      'You may read the space of that board and not write in it. Nothing was changed; choose another board.',
    );
  }
  if (to.archived || (!copy && from.archived)) {
    throw new AppError(
      'bad-input',
      'A board in the archive or the trash is not changed. Nothing was changed; restore it first.',
    );
  }
  return { workspace, from, to, crosses: from.space !== to.space };
}

function placeOf({ room, space, id }: DocEntry): BoardPlace {
  return { workspace: room.slice(0, room.indexOf('/')), space, board: id };
}

const MOST_TITLES = 50;
const MOST_BOARDS = 200;

export const sendingCalls = {
  async 'cards.plan'(host, asked) {
    const { workspace, from, to, crosses } = boardsOf(host, asked);
    const { taken, board } = await host.documents.read(from.room, (doc) => ({
      taken: takeCards(doc, asked.cards),
      board: readBoard(doc),
    }));
    const there = await host.documents.read(to.room, readBoard);
    const { missing, labels, fields } = matchDefinitions(taken, there);
    const { membership, now } = workspace.standing();
    const pages = pagesOf(host, placeOf(from), asked.cards);
    const rows = [...pages].flatMap((card) => host.catalogue.row(pageRoom(placeOf(from), card)) ?? []);
    const sum = (of: (facts: NonNullable<(typeof rows)[number]['facts']>) => number): number =>
      rows.reduce((all, { facts }) => all + (facts ? of(facts) : 0), 0);
    const unreachable = crosses ? await unreachableTitles(host, asked, { from, to }, taken, board) : [];
    const people = crosses
      ? [...new Set(taken.cards.flatMap(({ card }) => membersOn(card, taken)))].filter((id) => {
          const member = membership.members.get(id);
          return member !== undefined && partOf(membership, to.space, member, now) === null;
        })
      : [];
    return {
      columns: there.columns.map(({ id, name, limit, cards }) => ({
        id,
        name,
        cards: cards.length,
        room: limit?.hard ? Math.max(0, limit.most - cards.length) : null,
      })),
      labels: {
        known: taken.labels.filter(({ id }) => labels.has(id)).map(({ name }) => name),
        missing: missing.labels.map(({ name }) => name),
      },
      fields: {
        known: taken.fields.filter(({ id }) => fields.has(id)).map(({ name }) => name),
        missing: missing.fields.map(({ name }) => name),
      },
      choices: missing.choices.map(({ choice }) => choice.name),
      people,
      outsiders: crosses ? [...outsidersOf(membership, to.space, now)] : [],
      unreachable: unreachable.slice(0, MOST_TITLES),
      moreUnreachable: Math.max(0, unreachable.length - MOST_TITLES),
      checklists: taken.cards.reduce((all, { card }) => all + (progressOf(card.checklists).total > 0 ? 1 : 0), 0),
      comments: sum(({ comments }) => comments),
      descriptions: sum(({ described }) => (described ? 1 : 0)),
      files: sum(({ attachments }) => attachments),
      filesAway: rows.reduce((all, { room }) => all + host.attachments.awayOf(room), 0),
    };
  },
  async 'cards.send'(host, asked) {
    const { workspace, from, to, crosses } = boardsOf(host, asked);
    const { cards, column, at, copy, makeLabels } = asked;
    const doing = { by: workspace.about.member, at: host.clock.now() };
    const ends = { from: placeOf(from), to: placeOf(to), doing };
    const run = { column, after: at === 'top' ? null : undefined, cards: [...new Set(cards)] };
    const { membership, now } = workspace.standing();
    const outsiders = crosses ? [...outsidersOf(membership, to.space, now)] : [];
    if (!copy) {
      const back = await host.goings.run(() => moveCardsTo(host, ends, [run], makeLabels));
      return { cards: run.cards, outsiders, back };
    }
    const copies = [...(await copyCardsTo(host, ends, run, makeLabels))];
    return { cards: copies, outsiders, back: { what: 'copies' as const, document: to.id, cards: copies } };
  },
  async 'cards.takeBack'(host, { workspace: id, back }) {
    const workspace = host.workspaces.get(id);
    if (back.what === 'cards') boardsOf(host, { workspace: id, document: back.document, to: back.to, copy: false });
    const doing = { by: workspace.about.member, at: host.clock.now() };
    const place = (board: string): BoardPlace => placeOf(foundBoard(host, { workspace: id, document: board }));
    await host.goings.run(() => takeBack(host, place, doing, back));
    return {};
  },
  async 'cards.late'(host, { workspace: id, document, key, put }) {
    const workspace = host.workspaces.get(id);
    const from = foundBoard(host, { workspace: id, document });
    if (!mayWrite(workspace, from.space)) {
      throw new AppError('not-allowed', 'You may read this space and not write in it. Nothing was changed.');
    }
    if (put) await host.goings.run(() => putLate(host, from, key));
    await host.documents.edit(from.room, (doc) => settleLate(doc, key));
    return {};
  },
  async 'cards.find'(host, { workspace, card }) {
    const board = await boardOfCard(host, workspace, card);
    return { board: board?.id ?? null };
  },
} satisfies Partial<CallHandlers>;

async function putLate(host: HostParts, from: DocEntry, key: string): Promise<void> {
  const { workspace: id } = placeOf(from);
  const card = key.split('~')[0] ?? key;
  const workspace = host.workspaces.get(id);
  const to = await boardOfCard(host, id, card);
  if (!to)
    throw new AppError(
      'not-found',
      'The card is on no board that is here. Nothing was changed; what was written stays.',
    );
  if (!mayWrite(workspace, to.space)) {
    throw new AppError(
      'not-allowed',
      'The card is on a board where you may not write. Nothing was changed; what was written stays.',
    );
  }
  const late = await host.documents.read(from.room, (doc) => readLate(doc, key));
  const doing = { by: workspace.about.member, at: host.clock.now() };
  const [here, there] = [placeOf(from), placeOf(to)];
  // What was written in its description and comments in a space that another's move did not know of.
  const page = host.catalogue.row(pageRoom(here, card));
  if (here.space !== there.space && page?.kind === 'card') {
    await bringPage(host, card, here, there, doing);
    await leavePage(host, card, here, there);
  }
  if (late) await host.documents.edit(to.room, (doc) => writeLate(doc, late));
}

/** The document of a card names its board first; else the boards that are here are looked through. */
async function boardOfCard(host: HostParts, workspace: string, card: string): Promise<DocEntry | null> {
  const reads = host.workspaces.get(workspace);
  const boards = host.catalogue.list(workspace).filter(({ kind, space }) => kind === 'board' && reads.mayRead(space));
  const named = host.catalogue.card(workspace, card)?.parent ?? null;
  boards.sort((a, b) => Number(b.id === named) - Number(a.id === named) || (a.id < b.id ? -1 : 1));
  for (const board of boards.slice(0, MOST_BOARDS)) {
    if (await host.documents.readStored(board.room, (doc) => shownMap(cardsOf(doc), card) !== undefined)) return board;
  }
  return null;
}

function membersOn(card: Card, { fields }: TakenCards): readonly string[] {
  const persons = new Set(fields.flatMap(({ id, kind }) => (kind === 'person' ? [id] : [])));
  return [
    ...card.members,
    ...card.checklists.flatMap((list) => list.items.flatMap((item) => item.member ?? [])),
    ...card.values.filter(({ field }) => persons.has(field)).map(({ value }) => String(value)),
  ];
}

/** What the cards and their descriptions lead to and is in no space of the readers there: pages and boards of the old space, and cards that stay. */
async function unreachableTitles(
  host: HostParts,
  { workspace, cards }: { readonly workspace: string; readonly cards: readonly string[] },
  { from, to }: { readonly from: DocEntry; readonly to: DocEntry },
  taken: TakenCards,
  board: Board,
): Promise<readonly string[]> {
  const going = new Set(cards);
  const titles = new Map<string, string>();
  const all = [
    ...board.columns.flatMap((column) => column.cards),
    ...board.unsorted,
    ...board.restored,
    ...board.archived,
  ];
  const onBoard = new Map(all.map((card) => [card.id, card.title]));
  const look = (target: string): void => {
    if (going.has(target) || titles.has(target)) return;
    const entry = host.catalogue.entry(workspace, target);
    if (entry && entry.space !== to.space) titles.set(target, entry.title || 'Untitled');
    else if (onBoard.has(target)) titles.set(target, onBoard.get(target) || 'Untitled');
  };
  for (const { card } of taken.cards)
    for (const targets of Object.values(card.links)) for (const one of targets) look(one);
  for (const card of pagesOf(host, placeOf(from), cards)) {
    const said = await host.documents.readStored(pageRoom(placeOf(from), card), referencesOf);
    for (const { target } of said?.references ?? []) look(target);
  }
  return [...titles.values()];
}
