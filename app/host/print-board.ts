// A board as text for people: columns as headings, cards as tasks with what is said of them, under each its description and comments. Nothing reads it back; board-file.ts holds all of it.
import type { Card } from '../../shared/model/board/card.ts';
import { progressOf } from '../../shared/model/board/checklist.ts';
import type { CardFile } from '../../shared/model/board/card-files.ts';
import type { CardDate } from '../../shared/model/board/field-value.ts';
import type { Board } from '../../shared/model/board/read.ts';
import type { NewBlock, TextRun } from '../../shared/model/page/block.ts';
import type { Post } from '../../shared/model/thread/posts.ts';

export interface CardWords {
  readonly blocks: readonly NewBlock[];
  readonly files: readonly CardFile[];
  readonly posts: readonly Post[];
}

/** @param nameOf of a member; null where it is not known. */
export function boardBlocks(
  board: Board,
  words: ReadonlyMap<string, CardWords>,
  nameOf: (member: string) => string | null,
): NewBlock[] {
  const lists: (readonly [string, readonly Card[]])[] = board.columns.map((column) => [
    column.name + (column.limit ? ` (at most ${String(column.limit.most)})` : ''),
    column.cards,
  ]);
  for (const [name, cards] of [
    ['Unsorted', board.unsorted],
    ['Restored', board.restored],
    ['Archived', board.archived],
  ] as const)
    if (cards.length > 0) lists.push([name, cards]);
  const who = namesOn(board, nameOf);
  return lists.flatMap(([name, cards]) => [
    plain('heading', name || 'Untitled', { level: 2 }),
    ...cards.flatMap((card) => cardBlocks(card, board, words.get(card.id), who)),
  ]);
}

/** One card as a text of its own, or null where it is in no list. */
export function oneCardBlocks(
  board: Board,
  id: string,
  words: CardWords | undefined,
  nameOf: (member: string) => string | null,
): NewBlock[] | null {
  const lists = [...board.columns.map(({ cards }) => cards), board.unsorted, board.restored, board.archived];
  const card = lists.flat().find((one) => one.id === id);
  if (!card) return null;
  const who = namesOn(board, nameOf);
  const column = board.columns.find((one) => one.id === card.column);
  const said = [column?.name ?? '', card.completed === null ? '' : 'complete', ...facts(card, board, who)];
  const [, ...inside] = cardBlocks(card, board, words, who);
  return [
    plain('heading', card.title || 'Untitled', { level: 1 }),
    plain('paragraph', said.filter((one) => one !== '').join(' · '), {}),
    ...inside.map((block) => ({ ...block, indent: Math.max(0, (block.indent ?? 0) - 1) })),
  ];
}

function namesOn(board: Board, nameOf: (member: string) => string | null): (id: string | null) => string {
  const people = new Map(board.people.map(({ id, name }) => [id, name]));
  return (id) => (id === null ? '' : ((nameOf(id) || people.get(id)) ?? '')) || 'Somebody';
}

function cardBlocks(
  card: Card,
  board: Board,
  words: CardWords | undefined,
  who: (id: string | null) => string,
): NewBlock[] {
  const said = [card.title || 'Untitled', ...facts(card, board, who)].join(' · ');
  return [
    plain('check', said, { checked: card.completed !== null }),
    ...(words?.blocks ?? []).map((block) => ({ ...block, indent: Math.min(12, (block.indent ?? 0) + 1) })),
    ...(words?.files ?? []).map((file) => {
      const link = file.kind === 'file' ? `blob:${file.blob}` : file.url;
      return bullet([{ type: 'text', text: file.name, marks: { link } }]);
    }),
    ...card.checklists.flatMap((list) => [
      plain('bullet', list.name || 'Checklist', { indent: 1 }),
      ...list.items.map((item) => {
        const parts = [
          item.text,
          item.due === null ? '' : `due ${dateWords(item.due)}`,
          item.member === null ? '' : who(item.member),
        ];
        return plain('check', parts.filter((part) => part !== '').join(' · '), { checked: item.checked, indent: 2 });
      }),
    ]),
    ...(words?.posts ?? [])
      .filter((post) => post.removal.kind !== 'removed')
      .map((post) => plain('bullet', `${who(post.author)}, ${dateWords(post.at)}: ${post.text}`, { indent: 1 })),
  ];
}

/** What a card's face says. */
function facts(card: Card, board: Board, who: (id: string | null) => string): string[] {
  const { done, total } = progressOf(card.checklists);
  const labels = card.labels.flatMap((id) => board.labels.find((label) => label.id === id)?.name ?? []);
  const values = card.values.map(({ field, value }) => {
    const known = board.fields.find((one) => one.id === field);
    const choice = known?.choices.find((one) => one.id === value)?.name;
    const text =
      known?.kind === 'person' ? who(String(value)) : known?.kind === 'date' ? dateWords(value) : String(value);
    return `${known?.name ?? ''}: ${choice ?? text}`;
  });
  return [
    card.start === null ? '' : `starts ${dateWords(card.start)}`,
    card.due === null ? '' : `due ${dateWords(card.due)}`,
    card.priority ?? '',
    labels.map((name) => `#${name}`).join(' '),
    card.members.map(who).join(', '),
    total === 0 ? '' : `${String(done)}/${String(total)}`,
    ...values,
  ].filter((part) => part !== '');
}

function dateWords(date: CardDate): string {
  if (typeof date === 'string') return date;
  const [day = '', time = ''] = new Date(date).toISOString().split('T');
  return `${day} ${time.slice(0, 5)} UTC`;
}

function bullet(content: readonly TextRun[]): NewBlock {
  return { type: 'text', kind: 'bullet', indent: 1, content };
}

function plain(
  kind: 'heading' | 'check' | 'bullet' | 'paragraph',
  text: string,
  more: { level?: number; checked?: boolean; indent?: number },
): NewBlock {
  return { type: 'text', kind, ...more, content: [{ type: 'text', text, marks: {} }] } as NewBlock;
}
