// A copy of a board with what its cards hold, into new documents of one space. Where the copies go is said by who asks.
import { randomId } from '../../shared/base/random-id.ts';
import { copyCardPage, isEmptyCopy, openCardPage, writeCardPage } from '../../shared/model/board/card-page.ts';
import { changeBoard } from '../../shared/model/board/copy.ts';
import { readPlainBoard, writePlainBoard } from '../../shared/model/board/plain.ts';
import { createDocument } from '../../shared/model/document/commands.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { freshIds } from '../../shared/model/page/copy.ts';
import { writeProperties } from '../../shared/model/properties/commands.ts';
import { readProperties } from '../../shared/model/properties/read.ts';
import type { DocEntry } from '../contract/entities.ts';
import type { HostParts } from './call-handlers.ts';
import { leadingToCopies, type CopyOf } from './leading-to-copies.ts';

async function copyOfPage(host: HostParts, entry: DocEntry): Promise<[string, CopyOf]> {
  return [entry.id, { document: randomId(), blocks: await blockIds(host, entry.room) }];
}

function blockIds(host: HostParts, room: string): Promise<ReadonlyMap<string, string>> {
  return host.documents.read(room, (doc) => freshIds(bodyOf(doc)));
}

/** Where the copies of a page are, or of a board with all its cards: those that nothing was written in, too. */
export async function copiesOf(host: HostParts, entry: DocEntry): Promise<readonly [string, CopyOf][]> {
  if (entry.kind === 'page') return [await copyOfPage(host, entry)];
  const { cards } = await host.documents.read(entry.room, readPlainBoard);
  const pages = new Map(host.catalogue.cardsOf(entry).map((row) => [roomId(row.room), row.room]));
  const copies: [string, CopyOf][] = [[entry.id, { document: randomId(), blocks: new Map<string, string>() }]];
  for (const id of cards.keys()) {
    const document = randomId();
    const room = pages.get(id);
    const blocks = room === undefined ? new Map<string, string>() : await blockIds(host, room);
    copies.push([id, { document, blocks }]);
  }
  return copies;
}

export interface NewPlace {
  readonly room: string;
  readonly parent: string | null;
  readonly order: string;
}

/** What cards hold first, then the board: it is there whole, or not at all. */
export async function copyBoardTo(
  host: HostParts,
  entry: DocEntry,
  copies: ReadonlyMap<string, CopyOf>,
  made: { readonly title: string; readonly template?: false },
  at: NewPlace,
): Promise<void> {
  const workspace = entry.room.slice(0, entry.room.indexOf('/'));
  const doing = { by: host.workspaces.get(workspace).about.member, at: host.clock.now() };
  for (const { room } of host.catalogue.cardsOf(entry)) {
    const card = roomId(room);
    const copy = copies.get(card);
    // Of a card that is removed nothing goes along.
    if (!copy) continue;
    const copied = await host.documents.read(room, (doc) => copyCardPage(doc, leadingToCopies(copies, card)));
    if (isEmptyCopy(copied)) continue;
    const target = at.room.slice(0, at.room.lastIndexOf('/') + 1) + copy.document;
    await host.documents.edit(target, (doc) =>
      doc.transact(() => {
        openCardPage(doc, roomId(at.room), doing);
        writeCardPage(doc, copied);
      }),
    );
    await host.catalogue.refresh(target);
  }
  const ids = new Map([...copies].map(([id, copy]) => [id, copy.document]));
  const { properties, board } = await host.documents.read(entry.room, (doc) => ({
    properties: readProperties(doc),
    board: changeBoard(readPlainBoard(doc), { ids, copiedBy: doing }),
  }));
  await host.documents.edit(at.room, (doc) =>
    doc.transact(() => {
      const { parent, order } = at;
      createDocument(doc, {
        kind: 'board',
        title: made.title,
        createdBy: doing.by,
        createdAt: doing.at,
        parent,
        order,
      });
      writeProperties(doc, { ...properties, ...(made.template === false ? { template: false } : {}) });
      writePlainBoard(doc, board);
    }),
  );
  await host.catalogue.refresh(at.room);
}

function roomId(room: string): string {
  return room.slice(room.lastIndexOf('/') + 1);
}
