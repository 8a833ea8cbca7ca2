// A planned Trello board as a board here: entries by new ids, people as members or by name, and what its cards' own documents hold. Pure; it writes nothing.
import { generateNKeysBetween } from 'fractional-indexing';
import { randomId } from '../../../shared/base/random-id.ts';
import type { PlainEntries, PlainEntry } from '../../../shared/model/document/plain-maps.ts';
import type { NamedPerson } from '../../../shared/model/board/people.ts';
import type { PlainBoard } from '../../../shared/model/board/plain.ts';
import { asFileName } from '../../../shared/model/board/card-files.ts';
import type { Doing } from '../../../shared/model/board/stored.ts';
import type { PlannedCard, PlannedChecklist, PlannedField, PlannedLabel, TrelloPlan } from './trello-plan.ts';

export interface TrelloMapping {
  /** The member here whom a person of the export is, by the export's id. */
  readonly members: ReadonlyMap<string, string>;
  readonly doing: Doing;
}

/** A card's own document: there is one where something is written in it. */
export interface CardContent {
  readonly card: string;
  /** Markdown. */
  readonly description: string;
  /** Oldest first. */
  readonly comments: readonly { readonly author: string | null; readonly at: number; readonly text: string }[];
  /** Entries of the card's own document. */
  readonly files: PlainEntries;
}

export interface BoardOfTrello {
  readonly board: PlainBoard;
  /** Columns of lists that were archived: they are removed, and can be restored. */
  readonly removedColumns: readonly string[];
  readonly contents: readonly CardContent[];
}

/** A card of the same board, as an attachment or a link names it. */
const CARD_ADDRESS = /^https:\/\/trello\.com\/c\/([A-Za-z0-9]{4,24})(?:[/?#]|$)/;

export function boardOfTrello(plan: TrelloPlan, { members, doing }: TrelloMapping): BoardOfTrello {
  const people: NamedPerson[] = [];
  const persons = new Map<string, string>();
  for (const { source, name, username } of plan.members) {
    const id = members.get(source) ?? randomId();
    persons.set(source, id);
    if (!members.has(source)) people.push({ id, name: name || username || 'Unknown person' });
  }
  const ids = (sources: readonly { readonly source: string }[]): Map<string, string> =>
    new Map(sources.map(({ source }) => [source, randomId()]));
  const [columns, labels, fields, cards] = [ids(plan.columns), ids(plan.labels), ids(plan.fields), ids(plan.cards)];
  const choices = ids(
    plan.fields.flatMap((field) => field.choices.map(({ source }) => ({ source: `${field.source}/${source}` }))),
  );
  const byLink = new Map(
    plan.cards.flatMap(({ shortLink, source }) => (shortLink === '' ? [] : [[shortLink, source] as const])),
  );
  const linked = (url: string | null): string | undefined =>
    cards.get(byLink.get(CARD_ADDRESS.exec(url ?? '')?.[1] ?? '') ?? '');
  const known: Known = {
    columns,
    labels,
    fields,
    choices,
    persons,
    kinds: new Map(plan.fields.map((one) => [one.source, one.kind])),
    linked,
    doing,
  };
  const orders = ordersByColumn(plan.cards);
  const archived = new Set(plan.columns.filter((column) => column.archived).map(({ source }) => source));
  return {
    board: {
      columns: entries(plan.columns, columns, ({ name, colour, limit }) => ({
        ...named({ name, colour }),
        ...(limit === null ? {} : { limit }),
      })),
      labels: entries(plan.labels, labels, named),
      fields: entries(plan.fields, fields, (field) => fieldEntry(field, choices)),
      cards: new Map(
        plan.cards.map((card, at) => [cards.get(card.source) ?? '', cardEntry(card, orders[at] ?? '', known)]),
      ),
      views: new Map(),
      people,
    },
    removedColumns: [...archived].flatMap((source) => columns.get(source) ?? []),
    contents: plan.cards.flatMap((card) => {
      const { files, lines } = attachmentsOf(card, known);
      const description = [card.description.trim(), lines].filter((part) => part !== '').join('\n\n');
      const comments = card.comments.map(({ author, ...comment }) => ({
        ...comment,
        author: persons.get(author ?? '') ?? null,
      }));
      return description === '' && comments.length === 0 && files.size === 0
        ? []
        : [{ card: cards.get(card.source) ?? '', description, comments, files }];
    }),
  };
}

interface Known {
  readonly columns: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  readonly fields: ReadonlyMap<string, string>;
  readonly choices: ReadonlyMap<string, string>;
  readonly persons: ReadonlyMap<string, string>;
  readonly kinds: ReadonlyMap<string, PlannedField['kind']>;
  readonly linked: (url: string | null) => string | undefined;
  readonly doing: Doing;
}

function entries<T extends { readonly source: string }>(
  sources: readonly T[],
  ids: ReadonlyMap<string, string>,
  entry: (source: T) => PlainEntry,
): Map<string, PlainEntry> {
  const orders = generateNKeysBetween(null, null, sources.length);
  return new Map(sources.map((one, at) => [ids.get(one.source) ?? '', { ...entry(one), order: orders[at] }]));
}

function named({ name, colour }: Pick<PlannedLabel, 'name' | 'colour'>): PlainEntry {
  return { name: { $text: name }, ...(colour === null ? {} : { colour }) };
}

function fieldEntry({ source, name, kind, choices }: PlannedField, ids: ReadonlyMap<string, string>): PlainEntry {
  const made = entries(
    choices.map((choice) => ({ ...choice, source: `${source}/${choice.source}` })),
    ids,
    named,
  );
  const inside = [...made].map(([id, choice]) => [`choice/${id}`, { $map: choice }] as const);
  return { name: { $text: name }, kind, ...Object.fromEntries(inside) };
}

/** A key for each card, in the order of the cards of its column. */
function ordersByColumn(cards: readonly PlannedCard[]): readonly string[] {
  const counts = new Map<string | null, number>();
  for (const { column } of cards) counts.set(column, (counts.get(column) ?? 0) + 1);
  const keys = new Map(
    [...counts].map(([column, count]) => [column, generateNKeysBetween(null, null, count).values()]),
  );
  return cards.map(({ column }) => keys.get(column)?.next().value ?? '');
}

function cardEntry(card: PlannedCard, order: string, known: Known): PlainEntry {
  const { persons, labels, doing } = known;
  const createdAt = card.createdAt ?? doing.at;
  const createdBy = persons.get(card.createdBy ?? '');
  const column = known.columns.get(card.column ?? '');
  const doneAt = typeof card.due === 'number' ? Math.min(card.due, doing.at) : createdAt;
  return {
    title: { $text: card.title },
    order,
    createdAt,
    ...(column === undefined ? {} : { column }),
    ...(createdBy === undefined ? {} : { createdBy }),
    ...(card.archived ? { archivedAt: doing.at } : {}),
    ...(card.start === null ? {} : { start: card.start }),
    ...(card.due === null ? {} : { due: card.due }),
    ...(card.complete ? { completed: { by: doing.by, at: doneAt } } : {}),
    ...tokens(
      'member/',
      card.members.flatMap((source) => persons.get(source) ?? []),
    ),
    ...tokens(
      'label/',
      card.labels.flatMap((source) => labels.get(source) ?? []),
    ),
    ...checklistEntries(card.checklists, persons),
    ...valueEntries(card.values, known),
    ...Object.fromEntries(
      card.attachments.flatMap(({ url }) => known.linked(url) ?? []).map((id) => [`relates/${id}`, true]),
    ),
  };
}

function tokens(prefix: string, ids: readonly string[]): PlainEntry {
  const orders = generateNKeysBetween(null, null, ids.length);
  return Object.fromEntries(ids.map((id, at) => [prefix + id, orders[at]]));
}

function checklistEntries(lists: readonly PlannedChecklist[], persons: ReadonlyMap<string, string>): PlainEntry {
  const made: Record<string, unknown> = {};
  const orders = generateNKeysBetween(null, null, lists.length);
  for (const [place, { name, items }] of lists.entries()) {
    const list = randomId();
    made[`list/${list}`] = { $map: { name: { $text: name }, order: orders[place] } };
    const keys = generateNKeysBetween(null, null, items.length);
    for (const [at, { text, checked, due, member }] of items.entries()) {
      const person = persons.get(member ?? '');
      made[`item/${randomId()}`] = {
        $map: {
          checklist: list,
          text: { $text: text },
          order: keys[at],
          ...(checked ? { checked } : {}),
          ...(due === null ? {} : { due }),
          ...(person === undefined ? {} : { member: person }),
        },
      };
    }
  }
  return made;
}

function valueEntries(values: PlannedCard['values'], { fields, choices, kinds }: Known): PlainEntry {
  const made: Record<string, unknown> = {};
  for (const { field: source, value } of values) {
    const field = fields.get(source);
    if (field === undefined) continue;
    const kind = kinds.get(source);
    const said = kind === 'choice' ? choices.get(`${source}/${String(value)}`) : value;
    if (kind === 'text') made[`text/${field}/${randomId()}`] = { $text: String(value) };
    else if (said !== undefined) made[`field/${field}`] = said;
  }
  return made;
}

/**
 * What was attached: the export holds no files, but where they are. Cards of this board are links between cards instead, and what has no address that
 * can be opened is named below the description.
 */
function attachmentsOf(
  { attachments }: PlannedCard,
  { linked, persons, doing }: Known,
): { readonly files: PlainEntries; readonly lines: string } {
  const others = attachments.filter(({ url }) => linked(url) === undefined);
  const links = others.flatMap((one) => (one.url === null ? [] : [{ ...one, url: one.url }]));
  const orders = generateNKeysBetween(null, null, links.length);
  const files = new Map(
    links.map(({ name, url, by: source, at }, place): [string, PlainEntry] => {
      const by = persons.get(source ?? '');
      const who = by === undefined ? {} : { by };
      const line = { $text: asFileName(name) || asFileName(url) };
      return [randomId(), { name: line, url, order: orders[place], at: at ?? doing.at, ...who }];
    }),
  );
  const lines = others.flatMap(({ name, url }) => (url === null ? [`- ${asText(name || 'Attachment')}`] : []));
  return { files, lines: lines.length === 0 ? '' : `## Attachments in Trello\n\n${lines.join('\n')}` };
}

/** Letters that Markdown would read as marks stay letters. */
function asText(words: string): string {
  return words.replace(/[\\`*_{}[\]<>()#+!|~&:$^=-]/g, '\\$&');
}
