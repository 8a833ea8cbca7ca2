// Calls about boards that only a host can answer: a card's own document. What stands on a board windows read and write themselves.
import { AppError } from '../../../shared/base/app-error.ts';
import { openCardPage } from '../../../shared/model/board/card-page.ts';
import { shownMap } from '../../../shared/model/board/whereabouts.ts';
import { cardsOf } from '../../../shared/model/document/roots.ts';
import type { ClockRange } from '../../../shared/hub/delete-set.ts';
import type { BoardChanges } from '../../contract/board.ts';
import type { DocEntry } from '../../contract/entities.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { cardActivity } from '../card-activity.ts';
import { sessionAuthor } from '../session-author.ts';
import { found, shownCard } from './document-calls.ts';

/** Of a card's own document. */
const MOST_SESSIONS = 200;

export function foundBoard(host: HostParts, of: { readonly workspace: string; readonly document: string }): DocEntry {
  const entry = found(host, of);
  if (entry.kind === 'board') return entry;
  throw new AppError('bad-input', 'This document is not a board. Nothing was changed.');
}

type Clocks = [client: number, start: number, end: number | null];

const NOTHING = { written: [], deleted: [], cards: [] };

function clocksOf(client: number, { start, end }: ClockRange): Clocks {
  return [client, start, end === Infinity ? null : end];
}

function unsentIn(
  host: HostParts,
  board: { readonly id: string; readonly room: string; readonly space: string; readonly document: string },
): BoardChanges['unsent'] {
  const prefix = `${board.id}/${board.space}/`;
  const waiting = host.workspaces.get(board.id).truths().outbox;
  const cards = waiting.filter(
    ({ room, kind }) =>
      kind === 'card' && room.startsWith(prefix) && host.catalogue.row(room)?.parent === board.document,
  );
  return {
    written: [...host.guard.unconfirmed(board.room)].map(([client, range]) => clocksOf(client, range)),
    deleted: [...host.unsent.of(board.room)].flatMap(([client, ranges]) =>
      ranges.map((range) => clocksOf(client, range)),
    ),
    cards: cards.map(({ room }) => documentIn(room)),
  };
}

function documentIn(room: string): string {
  return room.slice(room.lastIndexOf('/') + 1);
}

export const boardCalls = {
  async 'card.page'(host, { workspace, document, card }) {
    const board = foundBoard(host, { workspace, document });
    const known = host.catalogue.cardIn(workspace, board.space, card);
    if (known?.parent === board.id) return known;
    const isThere = await host.documents.read(board.room, (doc) => shownMap(cardsOf(doc), card) !== undefined);
    if (!isThere) throw new AppError('not-found', 'This card is not on the board. Nothing was changed.');
    if (host.catalogue.entry(workspace, card)) {
      throw new AppError('already-exists', 'Another document has the id of this card. Nothing was changed.');
    }
    const room = `${workspace}/${board.space}/${card}`;
    const doing = { by: host.workspaces.get(workspace).about.member, at: host.clock.now() };
    await host.documents.edit(room, (doc) => openCardPage(doc, board.id, doing));
    await host.catalogue.refresh(room);
    const made = host.catalogue.cardIn(workspace, board.space, card);
    if (!made) throw new AppError('not-found', 'This document is not on this computer. Nothing was changed.');
    return made;
  },
  async 'card.activity'(host, { workspace, document, card }) {
    const board = foundBoard(host, { workspace, document });
    const asked = await host.pagePast.ask(board.room);
    if (asked.state === 'building') return asked;
    const { past, sessions } = asked.known;
    const { log } = host.workspaces.get(workspace);
    const nobody = { member: '', device: '' };
    const changes = cardActivity(past, card).map(({ at, session, change }) => {
      const by = sessions[session];
      return { at, ...change, ...(by ? sessionAuthor(log, by) : nobody) };
    });
    const page = shownCard(host, workspace, card);
    const segments = page?.parent === board.id ? await host.history.segmentsOf(page.room) : [];
    const writing = segments
      .map(({ startedAt, endedAt, words, device, signer }) => ({
        from: startedAt,
        to: endedAt,
        words,
        ...sessionAuthor(log, { device, signer }),
      }))
      .sort((a, b) => b.to - a.to);
    return { state: 'ready' as const, changes, writing: writing.slice(0, MOST_SESSIONS), complete: past.isWhole };
  },
  async 'board.changes'(host, { workspace: id, document }) {
    const { room, space } = foundBoard(host, { workspace: id, document });
    const workspace = host.workspaces.get(id);
    const landing = host.landings.last(id);
    const written = [...host.landings.broughtTo(room)].map(([client, range]) => clocksOf(client, range));
    return {
      unsent: workspace.about.relay === null ? NOTHING : unsentIn(host, { id, room, space, document }),
      away: landing && { ...landing, written },
    };
  },
  async 'board.facts'(host, { workspace, document }) {
    const rows = host.catalogue.cardsOf(foundBoard(host, { workspace, document }));
    return Object.fromEntries(rows.flatMap(({ room, facts }) => (facts ? [[documentIn(room), facts] as const] : [])));
  },
} satisfies Partial<CallHandlers>;
