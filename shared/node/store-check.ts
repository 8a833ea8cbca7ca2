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
    if (count.appends !== record.number) {
      throw damagedAt(KEYS.space(space), `${record.number} changes were stored, ${count.appends} are there`);
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
