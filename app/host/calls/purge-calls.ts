// The call that purges a document: a signed record, after which every hub drops what it has of it and refuses it.
import type * as Y from 'yjs';
import { AppError } from '../../../shared/base/app-error.ts';
import { manages } from '../../../shared/access/roles.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { mapsOfCards, shownOf } from '../../../shared/model/board/whereabouts.ts';
import { cardsOf } from '../../../shared/model/document/roots.ts';
import { appendRecord, requireClosed } from '../append-record.ts';
import type { CallHandlers } from '../call-handlers.ts';

function cardsThatWent(doc: Y.Doc): ReadonlySet<string> {
  return new Set([...mapsOfCards(cardsOf(doc))].flatMap(([card, maps]) => (shownOf(maps) ? [] : [card])));
}

export const purgeCalls = {
  async 'doc.purge'(host, { workspace: id, document }) {
    const workspace = host.workspaces.get(id);
    const entry = host.catalogue.entry(id, document);
    if (!entry) throw new AppError('not-found', 'This document is not on this computer. Nothing was changed.');
    requireClosed(workspace);
    const { membership, member, now } = workspace.standing();
    const me = membership.members.get(member);
    if (!me || !manages(membership, me, entry.space, now)) {
      throw new AppError(
        'not-allowed',
        'Documents are purged by the managers of their space, and by the admins. Nothing was changed. Archive it instead, or ask one of them.',
      );
    }
    // What its cards hold first: whoever is interrupted finds the board and does it again.
    const rows = entry.kind === 'board' ? host.catalogue.cardsOf(entry) : [];
    const cards = rows.map((row) => parseRoomName(row.room)?.document ?? document);
    // A card that went to another board is not this one's, whatever its document says yet.
    const gone = rows.length === 0 ? new Set<string>() : await host.documents.read(entry.room, cardsThatWent);
    const all = [...cards.filter((card) => !gone.has(card)), document];
    for (const one of all) await appendRecord(workspace, { verb: 'document.purge', space: entry.space, document: one });
    await host.purged.keep(id, workspace.log.membership.purged);
    return {};
  },
} satisfies Partial<CallHandlers>;
