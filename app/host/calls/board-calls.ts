// Calls about boards that only a host can answer: a card's own document. What stands on a board windows read and write themselves.
import { AppError } from '../../../shared/base/app-error.ts';
import { openCardPage } from '../../../shared/model/board/card-page.ts';
import { shownMap } from '../../../shared/model/board/whereabouts.ts';
import { cardsOf } from '../../../shared/model/document/roots.ts';
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
  async 'board.facts'(host, { workspace, document }) {
    const rows = host.catalogue.cardsOf(foundBoard(host, { workspace, document }));
    return Object.fromEntries(rows.flatMap(({ room, facts }) => (facts ? [[documentIn(room), facts] as const] : [])));
  },
} satisfies Partial<CallHandlers>;
