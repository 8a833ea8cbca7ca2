// Which spaces have which attachments on this computer, and where else each is. In memory, and as rows in the store; no bytes.
import { z } from 'zod';
import { fromUtf8, utf8 } from '../../../shared/base/encoding.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import { parseJson } from '../data-folder.ts';

const AREA = 'blob';
const SHELVES = 'blob-shelf';

const row = z.object({
  size: z.number(),
  /** When it came, or was added here. */
  at: z.number(),
  /** The shelf of the relay that has it in this space, or null. */
  shelf: z.string().nullable(),
  /** A space of this workspace that had it before: the relay can take it over from there. */
  from: z.string().optional(),
  /** It was added on this computer, and not fetched (a guest hands on nothing else, PB3). */
  added: z.literal(true).optional(),
  /** The device from which it was fetched, where that was no relay. */
  by: z.string().optional(),
});
export type BlobRow = Readonly<z.output<typeof row>>;

export interface BlobAt {
  readonly workspace: string;
  readonly space: string;
  readonly blob: string;
}

export class BlobRows {
  readonly #values: ValueStore;
  /** By workspace, then `<space>/<blob>`. */
  readonly #rows = new Map<string, Map<string, BlobRow>>();
  readonly #shelves = new Map<string, string>();

  private constructor(values: ValueStore) {
    this.#values = values;
  }

  static async open(values: ValueStore): Promise<BlobRows> {
    const rows = new BlobRows(values);
    for await (const [key, value] of values.entries(AREA)) {
      const read = row.safeParse(parseJson(fromUtf8(value) ?? ''));
      const slash = key.indexOf('/');
      // A row that does not read is none: the bytes are fetched again, or taken again.
      if (read.success && slash > 0) rows.#of(key.slice(0, slash)).set(key.slice(slash + 1), read.data);
    }
    for await (const [key, value] of values.entries(SHELVES)) rows.#shelves.set(key, fromUtf8(value) ?? '');
    return rows;
  }

  get({ workspace, space, blob }: BlobAt): BlobRow | null {
    return this.#rows.get(workspace)?.get(`${space}/${blob}`) ?? null;
  }

  *of(workspace: string): Generator<BlobAt & BlobRow> {
    for (const [key, one] of this.#rows.get(workspace) ?? []) {
      const slash = key.indexOf('/');
      yield { ...one, workspace, space: key.slice(0, slash), blob: key.slice(slash + 1) };
    }
  }

  /** Durable when it resolves, and shown to nobody before. */
  async put(at: BlobAt, next: BlobRow): Promise<void> {
    const { workspace, space, blob } = at;
    await this.#values.write([{ area: AREA, key: `${workspace}/${space}/${blob}`, value: utf8(JSON.stringify(next)) }]);
    this.#of(workspace).set(`${space}/${blob}`, next);
  }

  async remove({ workspace, space, blob }: BlobAt): Promise<void> {
    await this.#values.write([{ area: AREA, key: `${workspace}/${space}/${blob}`, value: null }]);
    this.#rows.get(workspace)?.delete(`${space}/${blob}`);
  }

  /** The shelf of the workspace's relay as it was last heard of, or null. */
  shelf(workspace: string): string | null {
    return this.#shelves.get(workspace) ?? null;
  }

  async setShelf(workspace: string, shelf: string): Promise<void> {
    if (this.#shelves.get(workspace) === shelf) return;
    await this.#values.write([{ area: SHELVES, key: workspace, value: utf8(shelf) }]);
    this.#shelves.set(workspace, shelf);
  }

  async forget(workspace: string): Promise<void> {
    const keys = [...(this.#rows.get(workspace)?.keys() ?? [])];
    this.#rows.delete(workspace);
    this.#shelves.delete(workspace);
    await this.#values.write([
      ...keys.map((key) => ({ area: AREA, key: `${workspace}/${key}`, value: null })),
      { area: SHELVES, key: workspace, value: null },
    ]);
  }

  #of(workspace: string): Map<string, BlobRow> {
    const known = this.#rows.get(workspace) ?? new Map<string, BlobRow>();
    this.#rows.set(workspace, known);
    return known;
  }
}
