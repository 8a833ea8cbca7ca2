// SegmentRows on LevelDB: history in the same database and the same commit queue as the rooms (docs/storage.md, rules SG).
import type { ValueWrite } from '../hub/value-store.ts';
import type { Replacement, SegmentRows, SpaceHistory } from '../hub/segment-rows.ts';
import type { SegmentRef } from '../link/segment-source.ts';
import { damagedAt, unseal } from './checksummed.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { HealingDatabase } from './healing-database.ts';
import type { ReadView } from './level-database.ts';
import { placeKeyOf } from './segment-plan.ts';
import { decodeIndexed, decodePlace, decodeSpaceHistory, numberOfIndex, SEGMENT_KEYS } from './segment-records.ts';
import { areaTokens, planValues, sizeOfValues } from './store-values.ts';
import { rangeOf, spaceOfRoom } from './store-records.ts';

const PAGE = 2000;

export class LevelSegmentRows implements SegmentRows {
  readonly spaces: ReadonlyMap<string, SpaceHistory>;
  readonly #database: HealingDatabase;
  readonly #commits: CommitQueue;

  /** @param spaces kept as it is on the disk by the commit queue. */
  constructor(database: HealingDatabase, commits: CommitQueue, spaces: ReadonlyMap<string, SpaceHistory>) {
    this.#database = database;
    this.#commits = commits;
    this.spaces = spaces;
  }

  async add(
    segment: Pick<SegmentRef, 'hash' | 'room' | 'endedAt'>,
    bytes: Uint8Array,
    replaced: readonly ValueWrite[] = [],
  ): Promise<number | null> {
    return this.#commits.add({
      rooms: [],
      reads: [placeKeyOf(segment)],
      tokens: areaTokens(replaced),
      size: bytes.length + sizeOfValues(replaced),
      plan: (plan) => {
        const number = plan.segments.add(segment, bytes);
        planValues(plan, replaced);
        return number;
      },
    });
  }

  async remove(segments: readonly SegmentRef[], replacement?: Replacement): Promise<void> {
    const { bases = [], base = null } = replacement ?? {};
    await this.#commits.add({
      rooms: [],
      reads: [...segments, ...bases, ...(base ? [base.segment] : [])].map(placeKeyOf),
      size: base?.bytes.length ?? 0,
      plan: (plan) => {
        plan.segments.remove(segments);
        plan.segments.remove(bases, false);
        if (base) plan.segments.add(base.segment, base.bytes);
      },
    });
  }

  async after(workspace: string, space: string, after: number, limit: number): Promise<readonly SegmentRef[]> {
    const name = `${workspace}/${space}`;
    const range = { gte: SEGMENT_KEYS.index(name, Math.max(0, after) + 1), lt: rangeOf(`i!${name}!`).lt, limit };
    const entries = await this.#database.read((view) => view.entries(range));
    return entries.map(([key, value]) => ({ ...decodeIndexed(key, unseal(key, value)), number: numberOfIndex(key) }));
  }

  async has(workspace: string, hash: string): Promise<boolean> {
    const key = SEGMENT_KEYS.place(workspace, hash);
    return (await this.#database.read((view) => view.get(key))) !== undefined;
  }

  read(workspace: string, hash: string): Promise<Uint8Array | null> {
    return this.#database.read(async (view) => {
      const placeKey = SEGMENT_KEYS.place(workspace, hash);
      const place = await view.get(placeKey);
      if (!place) return null;
      const key = SEGMENT_KEYS.bytes(decodePlace(placeKey, unseal(placeKey, place)).room, hash);
      const bytes = await view.get(key);
      if (!bytes) throw damagedAt(key, 'a segment of history is missing');
      return unseal(key, bytes);
    });
  }

  /** Those of a room, with their places. */
  async refsOf(room: string): Promise<readonly SegmentRef[]> {
    const [workspace = ''] = room.split('/');
    const space = spaceOfRoom(room);
    const hashes = await this.ofRoom(room);
    return this.#database.read(async (view) => {
      const refs: SegmentRef[] = [];
      for (const hash of hashes) {
        const placeKey = SEGMENT_KEYS.place(workspace, hash);
        const place = await view.get(placeKey);
        const number = place && decodePlace(placeKey, unseal(placeKey, place)).number;
        if (number === undefined) continue;
        const key = SEGMENT_KEYS.index(space, number);
        const value = await view.get(key);
        if (value) refs.push({ ...decodeIndexed(key, unseal(key, value)), number });
      }
      return refs;
    });
  }

  async ofRoom(room: string): Promise<readonly string[]> {
    const range = rangeOf(`g!${room}!`);
    const keys = await this.#database.read((view) => view.keys(range));
    return keys.map((key) => key.slice(range.gte.length));
  }
}

/** Rule CO5: throws `damaged` unless every space has the segments that it counted. Their bytes are not read for that. */
export async function readVerifiedHistory(view: ReadView): Promise<Map<string, SpaceHistory>> {
  const spaces = new Map<string, SpaceHistory>();
  for (const [key, value] of await view.entries(rangeOf('k!'))) {
    spaces.set(key.slice(2), decodeSpaceHistory(key, unseal(key, value)));
  }
  const counts = await countIndexed(view);
  for (const space of new Set([...spaces.keys(), ...counts.keys()])) {
    const [expected, found] = [spaces.get(space)?.count ?? 0, counts.get(space) ?? 0];
    if (expected === found) continue;
    throw damagedAt(SEGMENT_KEYS.space(space), `${expected} segments of history were stored, ${found} are there`);
  }
  return spaces;
}

async function countIndexed(view: ReadView): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const { gte, lt } = rangeOf('i!');
  for (let from = gte; ;) {
    const page = await view.keys({ gt: from, lt, limit: PAGE });
    for (const key of page) {
      const space = key.slice(2, key.lastIndexOf('!'));
      counts.set(space, (counts.get(space) ?? 0) + 1);
    }
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return counts;
    from = last;
  }
}
