// Links between the cards of a board, seen from both ends: what one card says of another shows on the other too (docs/documents.md, BD13). Pure.
import type { Card, LinkKind, Links } from './card.ts';

/** What a link is called from its other end; a page has no such end. */
export const OTHER_END: Readonly<Record<LinkKind, LinkKind | null>> = {
  blocks: 'blockedBy',
  blockedBy: 'blocks',
  relates: 'relates',
  page: null,
};

/** The cards with what others on this board say of them. Cards without any are left as they are. */
export function withLinksOfOthers(cards: readonly Card[]): readonly Card[] {
  const said = new Map<string, Record<LinkKind, Set<string>>>();
  const here = new Set(cards.map((card) => card.id));
  for (const card of cards) {
    for (const [kind, targets] of Object.entries(card.links) as [LinkKind, readonly string[]][]) {
      const other = OTHER_END[kind];
      if (other === null) continue;
      for (const target of targets) {
        if (!here.has(target)) continue;
        let links = said.get(target);
        if (!links) said.set(target, (links = none()));
        links[other].add(card.id);
      }
    }
  }
  if (said.size === 0) return cards;
  return cards.map((card) => {
    const links = said.get(card.id);
    return links ? { ...card, links: joined(card.links, links) } : card;
  });
}

/** Whether a card on this board that still is to be done blocks it. `open`: the cards of the board by id that are shown. */
export function isBlocked(card: Card, open: ReadonlyMap<string, Card>): boolean {
  return card.links.blockedBy.some((id) => {
    const other = open.get(id);
    return other !== undefined && other.completed === null;
  });
}

function none(): Record<LinkKind, Set<string>> {
  return { blocks: new Set(), blockedBy: new Set(), relates: new Set(), page: new Set() };
}

function joined(own: Links, others: Readonly<Record<LinkKind, ReadonlySet<string>>>): Links {
  const both = (kind: LinkKind): string[] => [...new Set([...own[kind], ...others[kind]])].sort();
  return { blocks: both('blocks'), blockedBy: both('blockedBy'), relates: both('relates'), page: own.page };
}
