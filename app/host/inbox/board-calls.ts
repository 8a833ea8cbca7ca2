// What a board says to one member: cards that somebody put them on. Total on anything a peer wrote; it writes nothing.
import type * as Y from 'yjs';
import { readAssigned } from '../../../shared/model/board/assigned.ts';
import { MEMBER } from '../../../shared/model/board/card.ts';
import { mapsOfCards, shownOf } from '../../../shared/model/board/whereabouts.ts';
import { readTime } from '../../../shared/model/document/meta.ts';
import { readRemoval } from '../../../shared/model/document/removal.ts';
import { cardsOf } from '../../../shared/model/document/roots.ts';
import type { Call } from './call-row.ts';

/** Where nothing says who put somebody there, the time is 0: then only who has looked at the board tells what is new. */
export function callsOnBoard(doc: Y.Doc, me: string): readonly Call[] {
  const calls: Call[] = [];
  for (const [card, maps] of mapsOfCards(cardsOf(doc))) {
    const stored = shownOf(maps)?.stored;
    if (!stored?.has(MEMBER + me)) continue;
    if (readTime(stored.get('archivedAt')) !== null || readRemoval(stored).kind === 'removed') continue;
    const assigned = readAssigned(stored, me);
    const item = stored._map.get(MEMBER + me);
    if (assigned?.by === me || !item) continue;
    const { client, clock } = item.id;
    calls.push({
      reason: 'assigned',
      thing: `assigned:${card}:${assigned ? String(assigned.at) : `${String(client)}.${String(clock)}`}`,
      many: false,
      item: [client, clock],
      post: null,
      place: { card },
      by: assigned?.by ?? null,
      at: assigned?.at ?? 0,
      // Its title is said with it.
      excerpt: '',
    });
  }
  return calls;
}
