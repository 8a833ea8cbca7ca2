// What is equal on two boards that say the same, whatever ids they have: things by their names. For tests.
import type { Board } from '../../shared/model/board/read.ts';
import type { Card } from '../../shared/model/board/card.ts';

/** @param nameOf of a member; people whom the board names are called by its own list. */
export function boardMeaning(board: Board, nameOf: (member: string) => string = (id) => id): unknown {
  const all = [...board.columns.flatMap(({ cards }) => cards), ...board.unsorted, ...board.restored, ...board.archived];
  const titles = new Map([...all.map((card) => [card.id, card.title] as const)]);
  const columns = new Map(board.columns.map(({ id, name }) => [id, name]));
  const people = new Map(board.people.map(({ id, name }) => [id, name]));
  const who = (id: string | null): string | null => (id === null ? null : (people.get(id) ?? nameOf(id)));
  const label = new Map(board.labels.map(({ id, name }) => [id, name]));
  const said = (card: Card): unknown => ({
    title: card.title,
    column: columns.get(card.column ?? '') ?? null,
    created: [who(card.createdBy), card.createdAt],
    archivedAt: card.archivedAt,
    dates: [card.start, card.due, card.since],
    completed: card.completed && [who(card.completed.by), card.completed.at],
    priority: card.priority,
    members: card.members.map(who),
    labels: card.labels.map((id) => label.get(id)),
    checklists: card.checklists.map(({ name, items }) => [
      name,
      items.map(({ text, checked, due, member }) => [text, checked, due, who(member)]),
    ]),
    links: Object.entries(card.links).map(([kind, ids]) => [kind, ids.map((id) => titles.get(id) ?? kind).sort()]),
    values: card.values.map(({ field, value }) => {
      const known = board.fields.find(({ id }) => id === field)!;
      const choice = known.choices.find(({ id }) => id === value)?.name;
      return [known.name, choice ?? (known.kind === 'person' ? who(String(value)) : value)];
    }),
    contested: card.contested && [who(card.contested.kept.by), card.contested.others.map(({ by }) => who(by))],
  });
  return {
    columns: board.columns.map(({ name, colour, limit, completes, cards }) => ({
      name,
      colour,
      limit,
      completes,
      cards: cards.map(said),
    })),
    unsorted: board.unsorted.map(said),
    // Cards of several columns that have the same keys stand by their ids there, which are others.
    archived: board.archived.toSorted((a, b) => (a.title < b.title ? -1 : 1)).map(said),
    labels: board.labels.map(({ name, colour }) => [name, colour]),
    fields: board.fields.map(({ name, kind, choices }) => [name, kind, choices.map((one) => [one.name, one.colour])]),
    views: board.views.map(({ name, look }) => [
      name,
      { ...look, filter: { ...look.filter, members: look.filter.members.map(who) } },
    ]),
    unreadable: board.unreadable,
  };
}
