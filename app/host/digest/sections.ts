// The items of a digest as its sections: in order, each thing once, without what is done, bounded. Pure.
import {
  DIGEST_SECTIONS,
  type Digest,
  type DigestItem,
  type DigestSection,
  type ListedItem,
} from '../../contract/digest.ts';

/** Items of a section that are listed; the others are counted. */
export const MOST_LISTED = 200;
/** A clock that is off by more is said (X5). */
const CLOCK_OFF = 5 * 60_000;

/** What is told of a thread because it concerns me is not told a second time for everybody. */
const TOLD_BY: Readonly<Partial<Record<DigestItem['what'], DigestItem['what']>>> = {
  'my-answer': 'accepted',
  'my-idea': 'idea',
  contested: 'card',
};

/** @param landed when all of it was here: what an author's clock says beyond that counts as then. */
export function sectionsOf(items: readonly ListedItem[], landed: number, most = MOST_LISTED): DigestSection[] {
  const concerns = new Set(
    items.flatMap(({ what, document, place }) => {
      const other = TOLD_BY[what];
      return other ? [`${other} ${place.card ?? document}`] : [];
    }),
  );
  const pages = new Set(items.filter(({ what }) => what === 'page').map(({ document }) => document));
  const byKey = new Map<string, ListedItem>();
  for (const item of items) {
    const { key, what, document, place } = item;
    if (concerns.has(`${what} ${place.card ?? document}`)) continue;
    if (what === 'watched' && pages.has(document)) continue;
    if (!byKey.has(key)) byKey.set(key, item);
  }
  const time = ({ at }: DigestItem): number => Math.min(at, landed);
  const found = DIGEST_SECTIONS.map((name) => {
    const own = [...byKey.values()].filter(({ section }) => section === name);
    own.sort((a, b) => time(b) - time(a) || (a.key < b.key ? -1 : 1));
    return { name, items: own.slice(0, most), count: own.length };
  });
  return found.filter(({ count }) => count > 0);
}

/** Things that were not seen, each once. */
export function countOf(items: readonly ListedItem[]): number {
  return sectionsOf(items, 0, Infinity).reduce(
    (sum, section) => sum + section.items.filter(({ seen }) => !seen).length,
    0,
  );
}

/** Whose clocks are ahead, as what they did says: nobody can have done it later than it came. */
export function clocksAhead(items: readonly DigestItem[], landed: number): Digest['clocks'] {
  const ahead = new Map<string, number>();
  for (const { by, at, what } of items) {
    const [member] = by;
    const off = at - landed;
    if (member === undefined || what === 'due' || what === 'poll' || off <= CLOCK_OFF) continue;
    ahead.set(member, Math.max(off, ahead.get(member) ?? 0));
  }
  return [...ahead].map(([member, off]) => ({ member, ahead: off })).sort((a, b) => b.ahead - a.ahead);
}
