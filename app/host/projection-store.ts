// The rows of a projection in the store, and up to which change of each space they are complete. It reads no document and knows no row's meaning.
import type { z } from 'zod';
import { fromUtf8, utf8 } from '../../shared/base/encoding.ts';
import type { ValueStore, ValueWrite } from '../../shared/hub/value-store.ts';
import { parseJson } from './data-folder.ts';

const ROW = 'row:';
const AT = 'at:';

/** What one projection keeps: its own area, and rows of one version. */
export interface ProjectionShape<Row> {
  readonly area: string;
  /** Rows of another version are thrown away and read again from the documents. */
  readonly version: number;
  readonly row: z.ZodType<Row>;
}

export interface StoredProjection<Row> {
  /** By room. */
  readonly rows: ReadonlyMap<string, Row>;
  /** `<workspace>/<space>` to the number of its newest change that is in the rows. */
  readonly reached: ReadonlyMap<string, number>;
}

export class ProjectionStore<Row> {
  readonly #values: ValueStore;
  readonly #shape: ProjectionShape<Row>;

  constructor(values: ValueStore, shape: ProjectionShape<Row>) {
    this.#values = values;
    this.#shape = shape;
  }

  /** What is stored; another version, or a row that does not read, means that all of it is thrown away. */
  async load(): Promise<StoredProjection<Row>> {
    const { area, version, row } = this.#shape;
    const stored = await this.#values.get(area, 'version');
    let usable = stored !== null && fromUtf8(stored) === String(version);
    const rows = new Map<string, Row>();
    const reached = new Map<string, number>();
    const keys: string[] = [];
    for await (const [key, value] of this.#values.entries(area)) {
      keys.push(key);
      const content = parseJson(fromUtf8(value) ?? '');
      if (key.startsWith(ROW)) {
        const read = row.safeParse(content);
        if (read.success) rows.set(key.slice(ROW.length), read.data);
        else usable = false;
      } else if (key.startsWith(AT) && typeof content === 'number') reached.set(key.slice(AT.length), content);
    }
    if (usable) return { rows, reached };
    await this.#values.write([
      ...keys.map((key) => ({ area, key, value: null })),
      { area, key: 'version', value: utf8(String(version)) },
    ]);
    return { rows: new Map(), reached: new Map() };
  }

  /** Remembers how far each space has come, too. @param rows by room; null where there is none any more. */
  async save(rows: ReadonlyMap<string, Row | null>, reached: ReadonlyMap<string, number>): Promise<void> {
    const { area } = this.#shape;
    const writes: ValueWrite[] = [
      ...[...rows].map(([room, row]) => ({ area, key: ROW + room, value: row && utf8(JSON.stringify(row)) })),
      ...[...reached].map(([space, at]) => ({ area, key: AT + space, value: utf8(JSON.stringify(at)) })),
    ];
    if (writes.length > 0) await this.#values.write(writes);
  }

  /** Takes away everything that is stored of a workspace. */
  async forget(workspace: string): Promise<void> {
    const { area } = this.#shape;
    const keys: string[] = [];
    for (const prefix of [ROW, AT]) {
      for await (const [key] of this.#values.entries(area, `${prefix}${workspace}/`)) keys.push(key);
    }
    if (keys.length > 0) await this.#values.write(keys.map((key) => ({ area, key, value: null })));
  }
}
