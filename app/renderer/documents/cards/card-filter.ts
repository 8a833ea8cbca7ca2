// Which cards of a board are shown: words, people, labels, due, and what the filter of a board holds. Pure; total on what was remembered.
import type { Card } from '../../../../shared/model/board/card.ts';
import type { CardFilter, DueChoice, Mark } from '../../../../shared/model/board/look.ts';
import { fold, queryWords } from '../../window/match.ts';
import { nearness } from './due.ts';

export function isFiltering(filter: CardFilter): boolean {
  return (
    filter.words.trim() !== '' ||
    filter.members.length + filter.labels.length + filter.due.length + filter.marks.length > 0
  );
}

/** What decides about each card, made anew for each look at the cards: it asks for each name once. */
export function cardTest(
  filter: CardFilter,
  context: {
    readonly now: number;
    readonly labelName: (id: string) => string;
    readonly memberName: (id: string) => string;
    readonly marked: (card: Card, mark: Mark) => boolean;
  },
): (card: Card) => boolean {
  if (!isFiltering(filter)) return () => true;
  const words = queryWords(filter.words);
  const names = new Map<string, string>();
  const nameOf = (id: string): string => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const name = context.memberName(id);
    names.set(id, name);
    return name;
  };
  const said = (card: Card): string =>
    fold([card.title, ...card.labels.map(context.labelName), ...card.members.map(nameOf)].join('\n'));
  return (card) => {
    if (!oneOf(filter.members, card.members) || !oneOf(filter.labels, card.labels)) return false;
    if (filter.marks.length > 0 && !filter.marks.some((mark) => context.marked(card, mark))) return false;
    if (filter.due.length > 0 && !filter.due.includes(dueChoice(card, context.now))) return false;
    if (words.length === 0) return true;
    const text = said(card);
    return words.every((word) => text.includes(word));
  };
}

function oneOf(wanted: readonly string[], there: readonly string[]): boolean {
  if (wanted.length === 0) return true;
  return there.length === 0 ? wanted.includes('') : there.some((id) => wanted.includes(id));
}

function dueChoice(card: Card, now: number): DueChoice {
  if (card.completed) return 'done';
  return card.due === null ? 'none' : nearness(card.due, false, now);
}
