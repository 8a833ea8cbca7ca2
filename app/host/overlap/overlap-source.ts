// What two people changed apart, as entries of the inbox: both are told, until one of them settles it. It looks for nothing itself.
import type { OverlapEntry } from '../../contract/overlap.ts';
import type { Found } from '../inbox/found.ts';
import type { InboxSource } from '../inbox/inbox.ts';
import type { Overlaps } from './overlaps.ts';

/** Code units of an excerpt. */
const LONGEST = 200;

export function overlapSource(overlaps: Overlaps): InboxSource {
  return {
    onChange: overlaps.onChange,
    *found(workspace) {
      for (const entry of overlaps.list(workspace)) if (entry.settled.length === 0) yield foundOf(entry);
    },
  };
}

function foundOf(entry: OverlapEntry): Found {
  const { id, space, document, kind, title, place, board, card, theirs, at } = entry;
  const isMove = place.at === 'card' && place.key === 'column';
  const block = place.at === 'words' || place.at === 'block' || place.at === 'cell' ? place.block : null;
  return {
    thing: `overlap:${id}`,
    reason: isMove ? 'moved' : 'overlap',
    space,
    // Of a card its own id, wherever its words lie.
    document: card ?? document,
    kind: card === null ? kind : 'card',
    title,
    place: {
      ...(board === null ? {} : { board }),
      ...(card === null ? {} : { card }),
      ...(block === null ? {} : { block }),
    },
    pieces: [
      {
        ...{ key: 'overlap', start: 0, end: 1, visited: false, at, place: {} },
        by: theirs.member === '' ? null : theirs.member,
        excerpt: excerptOf(entry, isMove),
      },
    ],
    many: false,
  };
}

function excerptOf({ what, mine, theirs }: OverlapEntry, isMove: boolean): string {
  const said = isMove
    ? `To ${theirs.label || 'nowhere'}, while you moved it to ${mine.label || 'nowhere'}.`
    : `You both changed ${what} while apart: ${theirs.label || mine.label}`;
  return said.slice(0, LONGEST);
}
