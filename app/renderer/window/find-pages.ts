// Finding pages by title or another name, for whoever links to one: what the window knows, so it needs no network. Pure.
import type { DocEntry } from '../../contract/entities.ts';
import { matchTitle, prepare, queryWords, type Match, type Prepared } from './match.ts';

export interface FoundPage {
  readonly entry: DocEntry;
  /** The name that matched better than the title, or null. */
  readonly alias: string | null;
  /** Letters that matched, of the alias or else of the title. */
  readonly ranges: Match['ranges'];
}

interface Names {
  readonly title: string;
  readonly aliases: readonly string[] | undefined;
  readonly prepared: readonly Prepared[];
}

const EMPTY: Match = { score: 0, ranges: [] };
/** Where a title and an alias match alike, the title counts. */
const ALIAS_LESS = 1;

/** Keeps titles ready: 20,000 of them are looked through at each key. Lives as long as a window. */
export class PageFinder {
  readonly #names = new Map<string, Names>();

  /** At most `most` pages that are not archived, the best first; without a query those changed last. */
  find(query: string, documents: Iterable<DocEntry>, most: number, without?: string): readonly FoundPage[] {
    const words = queryWords(query);
    const best: (FoundPage & { readonly score: number })[] = [];
    for (const entry of documents) {
      if (entry.kind !== 'page' || entry.archived || entry.id === without) continue;
      const found = this.#match(words, entry);
      if (!found) continue;
      const last = best[best.length - 1];
      if (best.length === most && last && before(last, found)) continue;
      let at = best.length;
      for (let other = best[at - 1]; other && !before(other, found); other = best[at - 1]) at -= 1;
      best.splice(at, 0, found);
      if (best.length > most) best.pop();
    }
    return best;
  }

  #match(words: readonly string[], entry: DocEntry): (FoundPage & { readonly score: number }) | null {
    if (words.length === 0) return { entry, alias: null, ranges: EMPTY.ranges, score: 0 };
    const { prepared } = this.#of(entry);
    let found: (FoundPage & { readonly score: number }) | null = null;
    for (const [index, name] of prepared.entries()) {
      const match = matchTitle(words, name);
      if (!match) continue;
      const score = match.score - (index === 0 ? 0 : ALIAS_LESS);
      if (found && found.score >= score) continue;
      const alias = index === 0 ? null : (entry.aliases?.[index - 1] ?? null);
      found = { entry, alias, ranges: match.ranges, score };
    }
    return found;
  }

  #of(entry: DocEntry): Names {
    const known = this.#names.get(entry.id);
    if (known?.title === entry.title && known.aliases === entry.aliases) return known;
    const names = {
      title: entry.title,
      aliases: entry.aliases,
      prepared: [entry.title, ...(entry.aliases ?? [])].map(prepare),
    };
    this.#names.set(entry.id, names);
    return names;
  }
}

function before(a: FoundPage & { readonly score: number }, b: FoundPage & { readonly score: number }): boolean {
  if (a.score !== b.score) return a.score > b.score;
  if (a.entry.changedAt !== b.entry.changedAt) return a.entry.changedAt > b.entry.changedAt;
  return a.entry.id < b.entry.id;
}
