// Which cards of a board are shown: words, people, labels, due, and what the filter of a board holds. Pure; total on what was remembered.
import type { Card } from '../../../../shared/model/board/card.ts';
import { fold, queryWords } from '../../window/match.ts';
import { nearness } from './due.ts';

export const DUE_CHOICES = ['overdue', 'soon', 'later', 'none', 'done'] as const;
export type DueChoice = (typeof DUE_CHOICES)[number];

/** Within one list any of it is enough; the lists all have to hold. */
export interface CardFilter {
  readonly words: string;
  /** Member ids; '' for cards of nobody. */
  readonly members: readonly string[];
  /** Label ids; '' for cards without any. */
  readonly labels: readonly string[];
  readonly due: readonly DueChoice[];
}

export const NO_FILTER: CardFilter = { words: '', members: [], labels: [], due: [] };

export function isFiltering(filter: CardFilter): boolean {
  return filter.words.trim() !== '' || filter.members.length + filter.labels.length + filter.due.length > 0;
}

/** What decides about each card, made once for a filter. */
export function cardTest(
  filter: CardFilter,
  context: {
    readonly now: number;
    readonly labelName: (id: string) => string;
    readonly memberName: (id: string) => string;
  },
): (card: Card) => boolean {
  if (!isFiltering(filter)) return () => true;
  const words = queryWords(filter.words);
  const said = (card: Card): string =>
    fold([card.title, ...card.labels.map(context.labelName), ...card.members.map(context.memberName)].join('\n'));
  return (card) => {
    if (!oneOf(filter.members, card.members) || !oneOf(filter.labels, card.labels)) return false;
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

/** What a window remembered, or a shared view says; anything may stand there. */
export function readFilter(value: unknown): CardFilter {
  if (typeof value !== 'object' || value === null) return NO_FILTER;
  const { words, members, labels, due } = value as Record<string, unknown>;
  return {
    words: typeof words === 'string' ? words.slice(0, 200) : '',
    members: texts(members),
    labels: texts(labels),
    due: texts(due).flatMap((one) => DUE_CHOICES.find((choice) => choice === one) ?? []),
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string').slice(0, 100) : [];
}
