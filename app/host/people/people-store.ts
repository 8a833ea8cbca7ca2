// The rows of the people projection in the store, and up to which change of each space they are complete. It reads no document.
import { fromUtf8, utf8 } from '../../../shared/base/encoding.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import { parseJson } from '../data-folder.ts';
import { PEOPLE_VERSION, peopleRow, type PeopleRow } from './people-rows.ts';

const AREA = 'people';
const ROW = 'row:';
const AT = 'at:';

export interface StoredPeople {
  readonly rows: ReadonlyMap<string, PeopleRow>;
  readonly reached: ReadonlyMap<string, number>;
}

/** What is stored; another version, or a row that does not read, means that all of it is thrown away and made again. */
export async function loadPeople(values: ValueStore): Promise<StoredPeople> {
  const version = await values.get(AREA, 'version');
  let usable = version !== null && fromUtf8(version) === String(PEOPLE_VERSION);
  const rows = new Map<string, PeopleRow>();
  const reached = new Map<string, number>();
  const keys: string[] = [];
  for await (const [key, value] of values.entries(AREA)) {
    keys.push(key);
    const content = parseJson(fromUtf8(value) ?? '');
    if (key.startsWith(ROW)) {
      const row = peopleRow.safeParse(content);
      if (row.success) rows.set(key.slice(ROW.length), row.data);
      else usable = false;
    } else if (key.startsWith(AT) && typeof content === 'number') reached.set(key.slice(AT.length), content);
  }
  if (usable) return { rows, reached };
  await values.write([
    ...keys.map((key) => ({ area: AREA, key, value: null })),
    { area: AREA, key: 'version', value: utf8(String(PEOPLE_VERSION)) },
  ]);
  return { rows: new Map(), reached: new Map() };
}

/** @param rows null: nothing is kept of the room any more. */
export async function savePeople(
  values: ValueStore,
  rows: ReadonlyMap<string, PeopleRow | null>,
  reached: ReadonlyMap<string, number>,
): Promise<void> {
  const writes = [
    ...[...rows].map(([room, row]) => ({ area: AREA, key: ROW + room, value: row && utf8(JSON.stringify(row)) })),
    ...[...reached].map(([space, at]) => ({ area: AREA, key: AT + space, value: utf8(JSON.stringify(at)) })),
  ];
  if (writes.length > 0) await values.write(writes);
}

/** Takes away everything that is stored of a workspace. */
export async function forgetPeople(values: ValueStore, workspace: string): Promise<void> {
  const keys: string[] = [];
  for (const prefix of [ROW, AT]) {
    for await (const [key] of values.entries(AREA, `${prefix}${workspace}/`)) keys.push(key);
  }
  if (keys.length > 0) await values.write(keys.map((key) => ({ area: AREA, key, value: null })));
}
