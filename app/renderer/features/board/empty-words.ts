// What a filter that leaves no card says: what it looked for, so that an empty board is an answer. Pure.
import type { CardFilter, Mark } from '../../../../shared/model/board/look.ts';

const NONE: Readonly<Record<Mark, string>> = {
  unread: 'Nothing is unread: nobody else changed a card since you last opened it.',
  watched: 'You watch none of these cards. A card, a column or the whole board is watched from its menu.',
  away: 'Nothing came from others while this computer was away.',
  unsent: 'Everything on this board is elsewhere as well.',
};

export function emptyWords({ words, members, labels, due, marks }: CardFilter): string {
  const [mark] = marks;
  const isAlone = words.trim() === '' && members.length + labels.length + due.length === 0;
  return isAlone && marks.length === 1 && mark !== undefined ? NONE[mark] : 'No card is shown by this filter.';
}
