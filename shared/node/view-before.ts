// A view of a database in which some keys hold what they held before a batch that was rejected and may have arrived. It writes nothing.
import type { KeyRange, ReadView } from './level-database.ts';

/** By key, as stored; null: nothing. */
export type Before = ReadonlyMap<string, Uint8Array | null>;

export function viewBefore(view: ReadView, before: Before): ReadView {
  if (before.size === 0) return view;
  const entries = async (range: KeyRange): Promise<[string, Uint8Array][]> => {
    const { limit } = range;
    const found = await view.entries(limit === undefined ? range : { ...range, limit: limit + before.size });
    const held = [...before].filter(
      (entry): entry is [string, Uint8Array] => entry[1] !== null && isIn(entry[0], range),
    );
    const all = [...found.filter(([key]) => !before.has(key)), ...held];
    return all.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit);
  };
  return {
    get: async (key) => (before.has(key) ? (before.get(key) ?? undefined) : view.get(key)),
    entries,
    keys: async (range) => (await entries(range)).map(([key]) => key),
  };
}

function isIn(key: string, { gte = '', gt, lt }: KeyRange): boolean {
  return key >= gte && (gt === undefined || key > gt) && key < lt;
}
