// What a plan holds, in numbers, as a preview and a report say it. Pure.
import type { TrelloCounts } from '../../contract/trello.ts';
import type { TrelloPlan } from './trello-plan.ts';

export function countsOf({ columns, labels, fields, members, cards }: TrelloPlan): TrelloCounts {
  const sum = (of: (card: TrelloPlan['cards'][number]) => number): number =>
    cards.reduce((total, card) => total + of(card), 0);
  return {
    lists: columns.length,
    archivedLists: columns.filter((column) => column.archived).length,
    cards: cards.length,
    archivedCards: cards.filter((card) => card.archived).length,
    labels: labels.length,
    fields: fields.length,
    people: members.length,
    checklists: sum((card) => card.checklists.length),
    items: sum((card) => card.checklists.reduce((total, list) => total + list.items.length, 0)),
    descriptions: cards.filter((card) => card.description.trim() !== '').length,
    comments: sum((card) => card.comments.length),
    attachments: sum((card) => card.attachments.length),
  };
}
