// What a host keeps of digests (docs/storage.md, LD1 to LD5): their heads, what came by room, how pages were before, earlier ones. It knows no document.
import { z } from 'zod';
import { fromUtf8, utf8 } from '../../../shared/base/encoding.ts';
import type { ValueStore, ValueWrite } from '../../../shared/hub/value-store.ts';
import { digestDifference, digestItem, digestSpan } from '../../contract/digest.ts';
import { parseJson } from '../data-folder.ts';
import { LandedRanges } from './landed-ranges.ts';

/** What was made of documents by another version is thrown away, and made again of what came. */
export const DIGEST_VERSION = 1;

const items = z.array(digestItem);

const head = z.object({
  /** Absences that are told together, the first first; none: there is no digest. */
  spans: z.array(digestSpan),
  /** More may come. */
  open: z.boolean(),
  /** The last of them was announced. */
  told: z.boolean(),
  /** When all of it was here; null while it is open. */
  landed: z.number().nullable(),
  /** Calls on me, overlaps and polls, as they were then. */
  items,
});
export type DigestHead = z.output<typeof head>;

const row = z.object({
  items,
  page: digestItem.nullable(),
  /** What an earlier landing of the same digest brought to the page. */
  earlier: digestDifference.nullable(),
  /** Of the landing that `page` was made of. */
  span: z.number(),
});
export type DigestRow = z.output<typeof row>;

const past = z.object({ id: z.string(), from: z.number(), to: z.number(), landed: z.number(), items });
export type PastDigest = z.output<typeof past>;

/** Of one workspace. */
export interface StoredDigest {
  head: DigestHead;
  readonly ranges: Map<string, LandedRanges>;
  readonly rows: Map<string, DigestRow>;
  /** Rooms of which it is kept what they were before. */
  readonly kept: Set<string>;
  /** The newest first. */
  past: PastDigest[];
}

const AREA = 'digest';
const HEAD = 'head:';
const RANGE = 'range:';
const ROW = 'row:';
const BEFORE = 'before:';
const PAST = 'past:';

export function noDigest(): StoredDigest {
  const none: DigestHead = { spans: [], open: false, told: true, landed: null, items: [] };
  return { head: none, ranges: new Map(), rows: new Map(), kept: new Set(), past: [] };
}

export class DigestStore {
  readonly #values: ValueStore;

  constructor(values: ValueStore) {
    this.#values = values;
  }

  /** By workspace. What does not read is left out: of a head that is all of the digest, of a row what is made again. */
  async load(): Promise<Map<string, StoredDigest>> {
    const found = new Map<string, StoredDigest>();
    const of = (name: string): StoredDigest => {
      const workspace = name.split('/', 1)[0] ?? '';
      const known = found.get(workspace) ?? noDigest();
      found.set(workspace, known);
      return known;
    };
    const version = await this.#values.get(AREA, 'version');
    const isSame = version !== null && fromUtf8(version) === String(DIGEST_VERSION);
    const stale: string[] = [];
    for await (const key of this.#values.keys(AREA, BEFORE))
      of(key.slice(BEFORE.length)).kept.add(key.slice(BEFORE.length));
    for (const prefix of [HEAD, RANGE, ROW, PAST]) {
      for await (const [key, value] of this.#values.entries(AREA, prefix)) {
        const name = key.slice(prefix.length);
        const said = prefix === RANGE ? null : parseJson(fromUtf8(value) ?? '');
        if (prefix === RANGE) of(name).ranges.set(name, LandedRanges.decode(value));
        else if (prefix === HEAD) of(name).head = head.safeParse(said).data ?? of(name).head;
        else if (prefix === ROW) {
          const read = isSame ? row.safeParse(said).data : undefined;
          if (read) of(name).rows.set(name, read);
          else stale.push(key);
        } else {
          const read = past.safeParse(said).data;
          if (read) of(name).past.push(read);
          else stale.push(key);
        }
      }
    }
    for (const stored of found.values()) stored.past.sort((a, b) => b.to - a.to);
    if (!isSame || stale.length > 0) {
      await this.#values.write([
        ...stale.map((key) => ({ area: AREA, key, value: null })),
        { area: AREA, key: 'version', value: utf8(String(DIGEST_VERSION)) },
      ]);
    }
    return found;
  }

  before(room: string): Promise<Uint8Array | null> {
    return this.#values.get(AREA, BEFORE + room);
  }

  async write(writes: DigestWrites): Promise<void> {
    const all = writes.all();
    if (all.length > 0) await this.#values.write(all);
  }

  async forget(workspace: string): Promise<void> {
    const keys: string[] = [];
    for (const prefix of [RANGE, ROW, BEFORE, PAST]) {
      for await (const key of this.#values.keys(AREA, `${prefix}${workspace}/`)) keys.push(key);
    }
    await this.#values.write([...keys, HEAD + workspace].map((key) => ({ area: AREA, key, value: null })));
  }
}

/** Changes that become durable together. */
export class DigestWrites {
  readonly #writes = new Map<string, Uint8Array | null>();

  head(workspace: string, value: DigestHead): void {
    this.#writes.set(HEAD + workspace, utf8(JSON.stringify(value)));
  }

  range(room: string, ranges: LandedRanges | null): void {
    this.#writes.set(RANGE + room, ranges?.encode() ?? null);
  }

  row(room: string, value: DigestRow | null): void {
    this.#writes.set(ROW + room, value && utf8(JSON.stringify(value)));
  }

  before(room: string, update: Uint8Array | null): void {
    this.#writes.set(BEFORE + room, update);
  }

  past(workspace: string, id: string, value: PastDigest | null): void {
    this.#writes.set(`${PAST}${workspace}/${id}`, value && utf8(JSON.stringify(value)));
  }

  /** What was not stored is tried again with what is written next; newer writes stand. */
  under(newer: DigestWrites): DigestWrites {
    const joined = new DigestWrites();
    for (const [key, value] of [...this.#writes, ...newer.#writes]) joined.#writes.set(key, value);
    return joined;
  }

  all(): ValueWrite[] {
    return [...this.#writes].map(([key, value]) => ({ area: AREA, key, value }));
  }
}
