// What is found of words that others deleted the place of, before they knew of them. Types, and how ranges of words are joined.
import type * as Y from 'yjs';
import type { WordRange } from '../../../shared/model/page/recovered.ts';

export interface Passage {
  /** `lost`: not in the page's text any more. `joined`: in it, in another block than they were typed in. */
  readonly kind: 'lost' | 'joined';
  /** One for each row of a table, or the one text. */
  readonly lines: readonly string[];
  readonly ranges: readonly WordRange[];
  /** The session (by its number) that brought them; -1: not known here. */
  readonly typedIn: number;
  /** Milliseconds since the epoch of the last of them; null: not known here. */
  readonly typedAt: number | null;
  readonly deletedIn: number;
  readonly deletedAt: number | null;
  /** The kind of the block that was deleted, and how its words began. */
  readonly place: { readonly kind: string; readonly quote: string };
  /** Where it stood: the item of its marker; for joined words the first of them. */
  readonly at: Y.ID;
  /** Of joined words: the block that they are in now, '' where it has no marker. */
  readonly block: string;
}

/** Words of an author's device, or of a client whose session is not known, are one passage in one place. */
export interface Author {
  readonly session: number;
  readonly key: string;
}

/** Those that follow on one another are one. */
export function joinedRanges(ranges: readonly WordRange[]): readonly WordRange[] {
  const found: WordRange[] = [];
  for (const range of [...ranges].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = found.at(-1);
    if (last && last[0] === range[0] && last[2] >= range[1])
      found[found.length - 1] = [last[0], last[1], Math.max(last[2], range[2])];
    else found.push(range);
  }
  return found;
}
