// Reads one room for a digest: what it tells of what came there. It stores nothing, and asks for no rights.
import * as Y from 'yjs';
import { isTooDeep } from '../../../shared/hub/compaction.ts';
import { readMeta } from '../../../shared/model/document/meta.ts';
import { readMovedTo } from '../../../shared/model/document/moved.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { readConsultation } from '../../../shared/model/page/consultation.ts';
import { readProperties } from '../../../shared/model/properties/read.ts';
import { readFacts } from '../../../shared/model/thread/facts.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { DigestItem } from '../../contract/digest.ts';
import type { RoomDocuments } from '../room-documents.ts';
import { decidedInThread, decidedOnPage, itemOf, movedOnBoard, type MyCards } from './landed-items.ts';
import type { LandedRanges } from './landed-ranges.ts';
import type { PageSaid } from './my-matters.ts';
import { pageDifference, type PieceNames } from './page-difference.ts';

export interface RoomReading {
  readonly documents: Pick<RoomDocuments, 'readHead' | 'readStored'>;
  readonly my: MyCards;
  readonly follows: (document: string, page: PageSaid) => boolean;
  readonly names: PieceNames;
  /** How the page was before; null where that is not kept. */
  readonly before: (room: string) => Promise<Uint8Array | null>;
  readonly now: number;
}

export interface LandedRoom {
  readonly items: readonly DigestItem[];
  /** What came to a page that is followed. */
  readonly page: DigestItem | null;
}

const NOTHING: LandedRoom = { items: [], page: null };

export async function readLandedRoom(room: string, ranges: LandedRanges, reading: RoomReading): Promise<LandedRoom> {
  const { documents, my } = reading;
  const { space = '', document = '' } = parseRoomName(room) ?? {};
  const head = await documents.readHead(room, (doc) => {
    const meta = readMeta(doc);
    if (!meta || readMovedTo(doc, space) !== null) return null;
    const { owner, tags } = readProperties(doc);
    const { type } = readFacts(doc);
    const asks = readConsultation(doc) !== null;
    return { kind: meta.kind, said: { createdBy: meta.createdBy, owner, tags }, type, asks };
  });
  if (!head) return NOTHING;
  const { came } = ranges;
  if (head.kind === 'thread' && ['question', 'idea', 'announcement'].includes(head.type)) {
    return { items: await documents.readStored(room, (doc) => decidedInThread(room, doc, came, my.me)), page: null };
  }
  if (head.kind === 'board') {
    return { items: await documents.readStored(room, (doc) => movedOnBoard(room, doc, came, my)), page: null };
  }
  const follows = head.kind === 'page' && reading.follows(document, head.said);
  if (head.kind !== 'page' || !(follows || head.asks)) return NOTHING;
  const before = follows ? await earlier(room, ranges, reading) : null;
  try {
    return await documents.readStored(room, (doc) => ({
      items: decidedOnPage(room, doc, came, my.me),
      page: follows ? pageItem(room, doc, before, ranges, reading) : null,
    }));
  } finally {
    before?.destroy();
  }
}

/** Null: it is not known how it was; the page is told of without its words. */
async function earlier(room: string, ranges: LandedRanges, { before }: RoomReading): Promise<Y.Doc | null> {
  const bytes = await before(room);
  const doc = new Y.Doc({ guid: room });
  if (bytes === null) return ranges.isNew ? doc : null;
  try {
    Y.applyUpdate(doc, bytes);
    if (!isTooDeep(doc)) return doc;
  } catch {
    // Bytes that do not read are of no use; the page itself is sound.
  }
  doc.destroy();
  return null;
}

function pageItem(
  room: string,
  doc: Y.Doc,
  before: Y.Doc | null,
  ranges: LandedRanges,
  { names, now }: RoomReading,
): DigestItem | null {
  if (typeof readMeta(doc)?.archivedAt === 'number') return null;
  const found = before && pageDifference(before, doc, ranges, names);
  const fresh = before !== null && readMeta(before) === null;
  const [was, is] = [before && !fresh ? readTitle(before) : '', readTitle(doc)];
  // Comments and properties have their own places: where neither words nor the title changed there is nothing to show.
  const silent = found && found.added + found.removed + found.passages.length === 0 && (fresh || was === is);
  if (silent && !fresh) return null;
  const [first] = found?.passages ?? [];
  return itemOf(room, {
    key: `page/${parseRoomName(room)?.document ?? ''}`,
    section: 'followed',
    what: 'page',
    kind: 'page',
    title: is,
    place: first && first.change !== 'out' ? { block: first.block } : {},
    at: now,
    from: was !== is ? was : '',
    difference: found && { ...found, fresh },
    clocks: ranges.ends,
  });
}
