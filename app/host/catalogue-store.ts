// The catalogue's rows in the store, and up to which change of each space they are complete. It reads no document.
import type { ValueStore, ValueWrite } from '../../shared/hub/value-store.ts';
import { fromUtf8, utf8 } from '../../shared/base/encoding.ts';
import { CATALOGUE_VERSION, catalogueRow, type CatalogueRow } from './catalogue-row.ts';
import { parseJson } from './data-folder.ts';

const AREA = 'catalogue';
const ROW = 'row:';
const AT = 'at:';

export interface StoredCatalogue {
  readonly rows: readonly CatalogueRow[];
  /** `<workspace>/<space>` to the number of its newest change that is in the rows. */
  readonly reached: ReadonlyMap<string, number>;
}

/** What is stored; another version, or a row that does not read, means that all of it is thrown away. */
export async function loadCatalogue(values: ValueStore): Promise<StoredCatalogue> {
  const version = await values.get(AREA, 'version');
  const rows: CatalogueRow[] = [];
  const reached = new Map<string, number>();
  let usable = version !== null && fromUtf8(version) === String(CATALOGUE_VERSION);
  const keys: string[] = [];
  for await (const [key, value] of values.entries(AREA)) {
    keys.push(key);
    const content = parseJson(fromUtf8(value) ?? '');
    if (key.startsWith(ROW)) {
      const row = catalogueRow.safeParse(content);
      if (row.success) rows.push(row.data);
      else usable = false;
    } else if (key.startsWith(AT) && typeof content === 'number') reached.set(key.slice(AT.length), content);
  }
  if (usable) return { rows, reached };
  await values.write([
    ...keys.map((key) => ({ area: AREA, key, value: null })),
    { area: AREA, key: 'version', value: utf8(String(CATALOGUE_VERSION)) },
  ]);
  return { rows: [], reached: new Map() };
}

/** Writes rows, takes away those that are no documents any more, and remembers how far each space has come. */
export async function saveCatalogue(
  values: ValueStore,
  rows: readonly CatalogueRow[],
  gone: readonly string[],
  reached: ReadonlyMap<string, number>,
): Promise<void> {
  const writes: ValueWrite[] = [
    ...rows.map((row) => ({ area: AREA, key: ROW + row.room, value: utf8(JSON.stringify(row)) })),
    ...gone.map((room) => ({ area: AREA, key: ROW + room, value: null })),
    ...[...reached].map(([space, at]) => ({ area: AREA, key: AT + space, value: utf8(JSON.stringify(at)) })),
  ];
  if (writes.length > 0) await values.write(writes);
}

/** Takes away everything that is stored of a workspace. */
export async function forgetCatalogue(values: ValueStore, workspace: string): Promise<void> {
  const keys: string[] = [];
  for (const prefix of [ROW, AT]) {
    for await (const [key] of values.entries(AREA, `${prefix}${workspace}/`)) keys.push(key);
  }
  if (keys.length > 0) await values.write(keys.map((key) => ({ area: AREA, key, value: null })));
}
