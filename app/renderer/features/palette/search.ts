// What the palette lists for a query: recent pages, boards and threads, everything else, and things to do. Pure.
import { isInTree } from '../../../../shared/model/document/tree.ts';
import type { DocEntry } from '../../../contract/entities.ts';
import type { SearchHit } from '../../../contract/search.ts';
import { matchTitle, prepare, queryWords, type Match, type Prepared } from '../../window/match.ts';

/** Something that can be done from the palette. */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly detail?: string;
  readonly shortcut?: string;
  readonly keywords?: string;
  /** Stands under "Do" also when nothing of it was typed; for actions that take the query itself. */
  readonly always?: boolean;
  readonly run: () => void;
}

export type Row =
  | {
      readonly kind: 'page';
      readonly key: string;
      readonly entry: DocEntry;
      readonly ranges: Match['ranges'];
      readonly visited: number | null;
    }
  /** What only the index knows: cards, people, files, words in text. */
  | { readonly kind: 'found'; readonly key: string; readonly hit: SearchHit }
  | { readonly kind: 'action'; readonly key: string; readonly action: Action; readonly ranges: Match['ranges'] };

export interface Group {
  readonly title: 'Recent' | 'Everything else' | 'Pages' | 'Cards, people, files and text' | 'Do';
  readonly rows: readonly Row[];
}

const RECENT = 6;
const EVERYTHING = 40;

/** Titles made ready once a title, as long as the window lives. */
export class PreparedTitles {
  readonly #prepared = new Map<string, { readonly title: string; readonly prepared: Prepared }>();

  of(entry: DocEntry): Prepared {
    const known = this.#prepared.get(entry.id);
    if (known?.title === entry.title) return known.prepared;
    const prepared = prepare(entry.title);
    this.#prepared.set(entry.id, { title: entry.title, prepared });
    return prepared;
  }
}

interface Hit {
  readonly entry: DocEntry;
  readonly match: Match;
  readonly visited: number | null;
}

/** The `most` that come first by `order`, in order, without sorting all the others at each key. */
class Best {
  readonly hits: Hit[] = [];
  readonly #most: number;
  readonly #order: (a: Hit, b: Hit) => number;

  constructor(most: number, order: (a: Hit, b: Hit) => number) {
    this.#most = most;
    this.#order = order;
  }

  add(hit: Hit): void {
    const last = this.hits.at(-1);
    if (this.hits.length === this.#most && last && this.#order(last, hit) <= 0) return;
    let at = this.hits.length;
    for (let before = this.hits[at - 1]; before && this.#order(before, hit) > 0; before = this.hits[at - 1]) at -= 1;
    this.hits.splice(at, 0, hit);
    if (this.hits.length > this.#most) this.hits.pop();
  }
}

const EMPTY: Match = { score: 0, ranges: [] };

export function searchPalette(
  query: string,
  documents: Iterable<DocEntry>,
  visits: ReadonlyMap<string, number>,
  actions: readonly Action[],
  titles: PreparedTitles,
): readonly Group[] {
  const words = queryWords(query);
  const recent: Hit[] = [];
  const others = new Best(
    EVERYTHING,
    (a, b) =>
      b.match.score - a.match.score || b.entry.changedAt - a.entry.changedAt || (a.entry.id < b.entry.id ? -1 : 1),
  );
  for (const entry of documents) {
    if ((!isInTree(entry) && entry.kind !== 'thread') || entry.archived) continue;
    const match = words.length === 0 ? EMPTY : matchTitle(words, titles.of(entry));
    if (!match) continue;
    const visited = visits.get(entry.id) ?? null;
    if (visited === null) others.add({ entry, match, visited });
    else recent.push({ entry, match, visited });
  }
  recent.sort((a, b) => (words.length > 0 ? b.match.score - a.match.score : 0) || (b.visited ?? 0) - (a.visited ?? 0));
  const page = ({ entry, match, visited }: Hit): Row => ({
    kind: 'page',
    key: `page:${entry.id}`,
    entry,
    ranges: match.ranges,
    visited,
  });
  const shownRecent = recent.slice(0, RECENT).map(page);
  const rest = [...recent.slice(RECENT), ...others.hits].slice(0, EVERYTHING).map(page);
  const done: { readonly row: Row; readonly score: number }[] = [];
  for (const action of actions) {
    const match = matchTitle(words, prepare(action.title));
    const byKeyword = match === null && matchTitle(words, prepare(action.keywords ?? '')) !== null;
    if (match === null && !byKeyword && !action.always) continue;
    // What takes any words whatever stands behind what was meant by them.
    const score = action.always ? -1 : (match?.score ?? 0);
    done.push({ row: { kind: 'action', key: `do:${action.id}`, action, ranges: match?.ranges ?? [] }, score });
  }
  if (words.length > 0) done.sort((x, y) => y.score - x.score);
  const groups: Group[] = [
    { title: 'Recent', rows: shownRecent },
    { title: shownRecent.length > 0 ? 'Everything else' : 'Pages', rows: rest },
    { title: 'Do', rows: done.map(({ row }) => row) },
  ];
  return groups.filter((group) => group.rows.length > 0);
}

/** Titles that are listed above what the index found. */
const ABOVE_FOUND = 12;

/** With what the index found for the same words, without what stands there by its title already. */
export function withFound(groups: readonly Group[], hits: readonly SearchHit[]): readonly Group[] {
  const listed = new Set(
    groups.flatMap(({ rows }) => rows.flatMap((row) => (row.kind === 'page' ? row.entry.id : []))),
  );
  const rows = hits
    .filter(({ kind, open }) => kind === 'card' || kind === 'person' || kind === 'file' || !listed.has(open.document))
    .map((hit): Row => ({ kind: 'found', key: `found:${hit.key}`, hit }));
  if (rows.length === 0) return groups;
  const found: Group = { title: 'Cards, people, files and text', rows };
  const done = groups.filter(({ title }) => title === 'Do');
  const above = groups
    .filter(({ title }) => title !== 'Do')
    .map((group) => ({ ...group, rows: group.rows.slice(0, ABOVE_FOUND) }));
  // Where a command alone goes by what was typed, it was meant.
  const [first] = done.flatMap((group) => group.rows);
  const isCommand = above.length === 0 && first?.kind === 'action' && first.action.always !== true;
  return isCommand ? [...done, found] : [...above, found, ...done];
}
