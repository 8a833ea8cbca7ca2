// One row of the catalogue: what lists and trees need of a document, read out of it, stored as JSON, shown as an entry.
import type * as Y from 'yjs';
import { z } from 'zod';
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import { readCardFacts } from '../../shared/model/board/card-page.ts';
import { readBoardMarks } from '../../shared/model/board/parcel.ts';
import { readAliases } from '../../shared/model/document/aliases.ts';
import { readMovedTo } from '../../shared/model/document/moved.ts';
import { readMeta } from '../../shared/model/document/meta.ts';
import { readTitle } from '../../shared/model/document/title.ts';
import { readDeviceNames, readRecoveryKey } from '../../shared/model/profile/devices.ts';
import { readFavourites } from '../../shared/model/personal/favourites.ts';
import { readProperties } from '../../shared/model/properties/read.ts';
import { readSpace } from '../../shared/model/space/space.ts';
import { readFacts, THREAD_TYPES } from '../../shared/model/thread/facts.ts';
import { cardFacts, documentKind, pageProperties, type DocEntry, type PageProperties } from '../contract/entities.ts';

/** Rows of another version are thrown away and read again from the documents. */
export const CATALOGUE_VERSION = 5;

export const catalogueRow = z.object({
  room: z.string(),
  kind: documentKind,
  title: z.string(),
  /** As the document says it; the parent may be unknown here. */
  parent: z.string().nullable(),
  order: z.string(),
  archivedAt: z.number().nullable(),
  createdBy: z.string().nullable(),
  createdAt: z.number(),
  changedAt: z.number(),
  /** Of a space's own document; else ''. */
  purpose: z.string(),
  /** Of a profile: its member's devices by id. Rows of earlier versions have none. */
  devices: z.record(z.string(), z.string()).default({}),
  /** Of a profile: the device that is the recovery key, and whether its words were entered once. */
  recovery: z.object({ device: z.string(), tested: z.boolean() }).nullable().default(null),
  /** The space that the document was moved to, or null. */
  movedTo: z.string().nullable().default(null),
  /** Of a board: how often it was said that cards went from or to it. */
  cardsWent: z.number().default(0),
  trashed: z.object({ at: z.number(), by: z.string().nullable() }).nullable(),
  properties: pageProperties,
  /** Of a member's own favourites: ids in the order of the list. */
  favourites: z.array(z.string()),
  /** Other names that it is looked up by. */
  aliases: z.array(z.string()),
  /** Of a thread: what it is. */
  thread: z.enum(THREAD_TYPES).nullable().default(null),
  /** Of a card's own document: what its face shows of it. */
  facts: cardFacts.nullable().default(null),
});
export type CatalogueRow = Readonly<z.output<typeof catalogueRow>>;

/** The row of a document, or null while its kind is unknown here. Total: hostile content gives a row or null. A card's is made of the whole document. */
export function projectRow(room: string, doc: Y.Doc, changedAt: number): CatalogueRow | null {
  const meta = readMeta(doc);
  if (!meta) return null;
  return {
    room,
    kind: meta.kind,
    title: readTitle(doc),
    parent: meta.parent,
    order: meta.order,
    archivedAt: meta.archivedAt,
    createdBy: meta.createdBy,
    createdAt: meta.createdAt,
    changedAt,
    purpose: readSpace(doc)?.purpose ?? '',
    devices: Object.fromEntries(readDeviceNames(doc)),
    recovery: readRecoveryKey(doc),
    movedTo: readMovedTo(doc, parseRoomName(room)?.space ?? ''),
    cardsWent: meta.kind === 'board' ? readBoardMarks(doc) : 0,
    trashed: meta.trashed,
    properties: said(doc),
    favourites: [...readFavourites(doc)],
    aliases: [...readAliases(doc)],
    thread: meta.kind === 'thread' ? readFacts(doc).type : null,
    facts: meta.kind === 'card' ? readCardFacts(doc) : null,
  };
}

/** Only what is said: of 20,000 rows most say nothing. */
function said(doc: Y.Doc): PageProperties {
  const { owner, tags, status, reviewBy, template, locked } = readProperties(doc);
  return {
    ...(owner === null ? {} : { owner }),
    ...(tags.length === 0 ? {} : { tags: [...tags] }),
    ...(status === '' ? {} : { status }),
    ...(reviewBy === null ? {} : { reviewBy }),
    ...(template ? { template } : {}),
    ...(locked === null ? {} : { locked: { ...locked } }),
  };
}

/** Whether the two say the same; the time of the change alone is not a difference worth announcing. */
export function sameRow(a: CatalogueRow, b: CatalogueRow): boolean {
  return JSON.stringify({ ...a, changedAt: 0 }) === JSON.stringify({ ...b, changedAt: 0 });
}

const IN_TREES = new Set(['page', 'board', 'thread']);

/** The space and id of a document that lists and trees show; null for profiles, spaces' own documents and the like. */
export function listedAddress(row: CatalogueRow): { readonly space: string; readonly id: string } | null {
  const address = parseRoomName(row.room);
  if (!address || row.movedTo !== null || !IN_TREES.has(row.kind) || /^[@~]/.test(address.space)) return null;
  return { space: address.space, id: address.document };
}

/** The space and id of a card's own document, which no list shows; null for every other. */
export function cardAddress(row: CatalogueRow): { readonly space: string; readonly id: string } | null {
  const address = parseRoomName(row.room);
  if (!address || row.movedTo !== null || row.kind !== 'card' || /^[@~]/.test(address.space)) return null;
  return { space: address.space, id: address.document };
}

/** A card's own document as windows see it. Where its board stands, there it is: with it in the archive and in the trash. */
export function toCardEntry(row: CatalogueRow, board: CatalogueRow | null): DocEntry | null {
  const address = cardAddress(row);
  if (!address) return null;
  const isOn = board?.kind === 'board' && board.movedTo === null;
  const { archivedAt = null, trashed = null } = isOn ? board : {};
  return {
    id: address.id,
    room: row.room,
    kind: row.kind,
    title: row.title,
    space: address.space,
    parent: isOn ? row.parent : null,
    order: row.order,
    archived: archivedAt !== null,
    ...(archivedAt === null ? {} : { archivedAt }),
    ...(trashed === null ? {} : { trashed }),
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    changedAt: row.changedAt,
  };
}

/** The row as windows see it; `parent` is the one that counts. Null for what lists do not show. */
export function toEntry(row: CatalogueRow, parent: string | null): DocEntry | null {
  const address = listedAddress(row);
  if (!address) return null;
  return {
    id: address.id,
    room: row.room,
    kind: row.kind,
    title: row.title,
    space: address.space,
    parent,
    order: row.order,
    archived: row.archivedAt !== null,
    ...(row.archivedAt === null ? {} : { archivedAt: row.archivedAt }),
    ...(row.trashed === null ? {} : { trashed: row.trashed }),
    ...(Object.keys(row.properties).length === 0 ? {} : { properties: row.properties }),
    ...(row.aliases.length === 0 ? {} : { aliases: row.aliases }),
    ...(row.thread === null ? {} : { thread: row.thread }),
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    changedAt: row.changedAt,
  };
}
