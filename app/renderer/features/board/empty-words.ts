// What a filter that leaves no card says: what it looked for, so that an empty board is an answer. Pure.
import type { CardFilter } from '../../../../shared/model/board/look.ts';
import { since } from '../../window/times.ts';

interface Absence {
  readonly from: number;
  readonly to: number;
}

/** "Mon 17:40 to Tue 08:02". */
export function absenceWords({ from, to }: Absence, now: number): string {
  return `${since(from, now)} to ${since(to, now)}`;
}

export function emptyWords(
  { words, members, labels, due, marks }: CardFilter,
  absence: Absence | null,
  now: number,
): string {
  const isAlone = words.trim() === '' && members.length + labels.length + due.length === 0;
  if (!isAlone || marks.length !== 1) return 'No card is shown by this filter.';
  switch (marks[0]) {
    case 'unread':
      return 'Nothing is unread: nobody else changed a card since you last opened it.';
    case 'watched':
      return 'You follow none of these cards. A card, a column or the whole board is followed from its menu.';
    case 'unsent':
      return 'No card here has anything that is only on this computer.';
    default:
      return absence
        ? `Nobody else changed a card while this computer was away, ${absenceWords(absence, now)}.`
        : 'Nothing came from others after this computer had been away: without the relay for five minutes, or switched off.';
  }
}
