// The counts that a store's opening verifies, so that missing rooms and missing changes are noticed. It mends nothing.
import { damagedAt, unseal } from './checksummed.ts';
import type { ReadView } from './level-database.ts';
import { decodeRoomRecord, decodeSpaceRecord, KEYS, rangeOf, spaceOfRoom, type SpaceRecord } from './store-records.ts';

const PAGE = 2000;

interface Count {
  rooms: number;
  appends: number;
  indexed: number;
}

/** Rules CO1 to CO3: throws `damaged` unless every space has the rooms, the changes and the index entries it counted. */
export async function readVerifiedSpaces(view: ReadView): Promise<Map<string, SpaceRecord>> {
  const spaces = new Map<string, SpaceRecord>();
  for (const [key, value] of await view.entries(rangeOf('s!'))) {
    spaces.set(key.slice(2), decodeSpaceRecord(key, unseal(key, value)));
  }
  const counts = await countRooms(view);
  for (const [space, count] of counts) {
    if (!spaces.has(space))
      throw damagedAt(KEYS.space(space), `the count of a space with ${count.rooms} rooms is missing`);
  }
  for (const [space, record] of spaces) {
    const count = counts.get(space) ?? { rooms: 0, appends: 0, indexed: 0 };
    if (count.rooms !== record.rooms || count.indexed !== record.rooms) {
      throw damagedAt(KEYS.space(space), `${record.rooms} rooms were stored, ${count.rooms} are there`);
    }
    if (count.appends + record.gone !== record.number) {
      throw damagedAt(
        KEYS.space(space),
        `${record.number - record.gone} changes were stored, ${count.appends} are there`,
      );
    }
  }
  return spaces;
}

async function countRooms(view: ReadView): Promise<Map<string, Count>> {
  const counts = new Map<string, Count>();
  const countOf = (space: string): Count => {
    const found = counts.get(space) ?? { rooms: 0, appends: 0, indexed: 0 };
    counts.set(space, found);
    return found;
  };
  const rooms = rangeOf('r!');
  for (let from = rooms.gte; ;) {
    const page = await view.entries({ gt: from, lt: rooms.lt, limit: PAGE });
    for (const [key, value] of page) {
      const count = countOf(spaceOfRoom(key.slice(2)));
      count.rooms += 1;
      count.appends += decodeRoomRecord(key, unseal(key, value)).appends;
    }
    const last = page.at(-1);
    if (page.length < PAGE || !last) break;
    from = last[0];
  }
  const changes = rangeOf('c!');
  for (let from = changes.gte; ;) {
    const page = await view.keys({ gt: from, lt: changes.lt, limit: PAGE });
    for (const key of page) countOf(key.slice(2, key.lastIndexOf('!'))).indexed += 1;
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) break;
    from = last;
  }
  return counts;
}

/** Rows of one page: a merged state may be as large as a document. */
const COPIED = 64;

/** Hands over every row of the view, checked, and says what the spaces count. Throws `damaged`. */
export async function copyAllRows(
  view: ReadView,
  take: (rows: readonly [string, Uint8Array][]) => Promise<void>,
): Promise<{ readonly rooms: number; readonly changes: number }> {
  let [rooms, changes, counted] = [0, 0, 0];
  for (let from = ''; ;) {
    const page = await view.entries({ gt: from, lt: '\u007f', limit: COPIED });
    for (const [key, value] of page) {
      const bytes = unseal(key, value);
      if (key.startsWith('r!')) counted += 1;
      if (!key.startsWith('s!')) continue;
      const space = decodeSpaceRecord(key, bytes);
      rooms += space.rooms;
      changes += space.number;
    }
    if (page.length > 0) await take(page);
    const last = page.at(-1);
    if (page.length < COPIED || !last) break;
    from = last[0];
  }
  if (counted !== rooms) throw damagedAt('s!', `${rooms} rooms were stored, ${counted} are there`);
  return { rooms, changes };
}
