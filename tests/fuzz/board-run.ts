// One random run of two to six replicas on one board: every typed character is unique, so that a lost or doubled one has a name, and every
// card that was ever made is looked for.
import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import * as cards from '../../shared/model/board/card-commands.ts';
import * as details from '../../shared/model/board/card-details.ts';
import type { Card } from '../../shared/model/board/card.ts';
import * as lists from '../../shared/model/board/checklist-commands.ts';
import * as columns from '../../shared/model/board/column-commands.ts';
import * as define from '../../shared/model/board/definition-commands.ts';
import { readBoard, type Board } from '../../shared/model/board/read.ts';
import { readRemoval } from '../../shared/model/document/removal.ts';
import { cardsOf } from '../../shared/model/document/roots.ts';
import { broken, deliver, deliverAll, post, replicaOf, type Mailbox } from './mailboxes.ts';
import { randomOf, seedIds } from './seeded.ts';
import { charactersIn, code, FIRST_CHARACTER, LAST_CHARACTER } from './typed-characters.ts';

interface Replica extends Mailbox {
  readonly name: string;
}

export interface Figures {
  readonly typed: number;
  readonly cards: number;
  /** Cards that two people moved apart, when all was said. */
  readonly contested: number;
}

class Run {
  readonly #seed: number;
  readonly #random: () => number;
  readonly #replicas: Replica[] = [];
  readonly #log: string[] = [];
  /** Cards and columns stay stored whatever happens to them, so nothing that was typed may go. */
  readonly #typed = new Set<string>();
  readonly #made = new Set<string>();
  #next = FIRST_CHARACTER;
  #time = 1;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = randomOf(seed);
    const count = 2 + this.#below(5);
    const start = new Y.Doc();
    start.clientID = 1;
    for (const id of ['todo', 'doing', 'done']) columns.addColumn(start, { id, name: '' });
    columns.setColumnCompletes(start, 'done', true);
    for (const kind of ['text', 'number', 'choice'] as const) define.addField(start, { id: kind, name: '', kind });
    define.addLabel(start, { id: 'bug', name: '' });
    for (let number = 0; number < count; number += 1) this.#replicas.push(this.#replica(number, start));
    this.#addCards(this.#replicas[0]!, 'todo', 3);
  }

  run(steps: number): Figures {
    try {
      for (let step = 0; step < steps; step += 1) this.#step();
      deliverAll(this.#replicas);
      return this.#judge();
    } catch (error) {
      throw broken(this.#seed, this.#log, error);
    }
  }

  #replica(number: number, start: Y.Doc): Replica {
    const doc = replicaOf(start, 1000 + this.#below(1e6) * 8 + number);
    const replica: Replica = { name: `m${String(number)}`, doc, inbox: [] };
    post(replica, this.#replicas);
    return replica;
  }

  #step(): void {
    const replica = this.#replicas[this.#below(this.#replicas.length)]!;
    if (this.#random() < 0.25) {
      deliver(replica, 1 + this.#below(6));
      return;
    }
    this.#time += 1;
    this.#log.push(`${replica.name}: ${this.#edit(replica, readBoard(replica.doc))}`);
  }

  #edit(replica: Replica, board: Board): string {
    const { doc, name } = replica;
    const doing = { by: name, at: this.#time };
    const shown = [...board.columns.flatMap((one) => one.cards), ...board.unsorted, ...board.restored];
    const card = this.#pick(shown);
    const column = this.#pick(board.columns);
    if (!column) return `column ${columns.addColumn(doc, { name: this.#type(2) })}`;
    if (!card || this.#random() < 0.12) return this.#addCards(replica, column.id, 1 + this.#below(3));
    const kind = this.#below(21);
    switch (kind) {
      case 0:
      case 1:
      case 2: {
        const ids = [card, this.#pick(shown)!].map((one) => one.id).slice(0, 1 + this.#below(2));
        const lane = this.#random() < 0.2 ? { by: 'person' as const, value: name } : null;
        const to = { column: column.id, after: this.#after(column.cards) };
        cards.moveCards(doc, ids, lane ? { ...to, lane } : to, doing);
        return `move ${ids.join()} to ${column.id}`;
      }
      case 3:
        cards.keepPlace(doc, card.id, doing);
        return `keep ${card.id}`;
      case 4:
        cards.renameCard(doc, card.id, this.#typedInto(card.title));
        return `rename ${card.id}`;
      case 5: {
        const again = this.#pick(board.archived);
        if (again && this.#random() < 0.5) cards.unarchiveCard(doc, again.id);
        else cards.archiveCards(doc, [card.id], this.#time);
        return `archive ${card.id}`;
      }
      case 6: {
        const again = this.#pick(board.removed);
        if (again && this.#random() < 0.5) cards.restoreCard(doc, again.id);
        else cards.removeCard(doc, card.id, doing);
        return `remove ${card.id}`;
      }
      case 7: {
        if (this.#random() < 0.5) columns.addColumn(doc, { name: this.#type(1), after: this.#after(board.columns) });
        else columns.renameColumn(doc, column.id, this.#typedInto(column.name));
        return `column ${column.id}`;
      }
      case 8:
        columns.moveColumn(doc, column.id, this.#after(board.columns));
        columns.setColumnLimit(doc, column.id, this.#random() < 0.5 ? { most: 3, hard: false } : null);
        return `place ${column.id}`;
      case 9: {
        const gone = this.#pick(board.removedColumns);
        const other = board.columns.find((one) => one.id !== column.id);
        if (gone && this.#random() < 0.6) columns.restoreColumn(doc, gone.id);
        else columns.removeColumn(doc, column.id, other && this.#random() < 0.7 ? { to: other.id } : 'remove', doing);
        return `remove ${column.id}`;
      }
      case 10:
        details.setCardLabel(
          doc,
          [card.id],
          board.labels[0]?.id ?? define.addLabel(doc, { name: '' }),
          this.#random() < 0.7,
        );
        details.setCardMember(doc, [card.id], name, this.#random() < 0.7);
        return `label ${card.id}`;
      case 11: {
        const before = card.values.find((one) => one.field === 'text')?.value;
        // A line that is two people's texts is written anew by whoever edits it: here only one's own is added to.
        if (before === undefined) details.writeCardText(doc, card.id, 'text', this.#type(2));
        else details.setCardField(doc, card.id, 'number', this.#time);
        return `field of ${card.id}`;
      }
      case 12:
        if (this.#random() < 0.6) details.completeCard(doc, card.id, doing);
        else details.reopenCard(doc, card.id);
        details.setCardDue(doc, card.id, this.#random() < 0.5 ? this.#time : null);
        return `complete ${card.id}`;
      case 13: {
        const other = this.#pick(shown)!;
        if (other.id === card.id) cards.touchCard(doc, card.id, doing);
        else if (this.#random() < 0.6) details.linkCard(doc, card.id, 'blocks', other.id);
        else details.unlinkCard(doc, card.id, 'blockedBy', other.id);
        return `link ${card.id} to ${other.id}`;
      }
      case 14:
        return this.#define(doc, board, doing);
      default:
        return this.#editChecklist(doc, card, doing);
    }
  }

  #define(doc: Y.Doc, board: Board, doing: { by: string; at: number }): string {
    const label = this.#pick(board.labels);
    const choices = board.fields.find((one) => one.id === 'choice')?.choices ?? [];
    const choice = this.#pick(choices);
    const kind = this.#below(6);
    if (!label || kind === 0) define.addLabel(doc, { name: this.#type(1), after: this.#after(board.labels) });
    else if (kind === 1) define.renameDefinition(doc, { label: label.id }, this.#typedInto(label.name));
    else if (kind === 2) define.removeDefinition(doc, { label: label.id }, doing);
    else if (!choice || kind === 3) define.addChoice(doc, 'choice', { name: this.#type(1) });
    else if (kind === 4) define.moveDefinition(doc, { field: 'choice', choice: choice.id }, this.#after(choices));
    else define.renameDefinition(doc, { field: 'choice', choice: choice.id }, this.#typedInto(choice.name));
    return `define ${String(kind)}`;
  }

  #editChecklist(doc: Y.Doc, card: Card, doing: { by: string; at: number }): string {
    const list = this.#pick(card.checklists);
    const item = list && this.#pick(list.items);
    if (!list || this.#random() < 0.1)
      return `list ${lists.addChecklist(doc, card.id, { name: this.#type(1) })} of ${card.id}`;
    const at = item && { card: card.id, item: item.id };
    const kind = this.#below(9);
    if (!at || kind <= 2) {
      const items = Array.from({ length: 1 + this.#below(3) }, () => ({ text: this.#type(1) }));
      lists.addItems(doc, { card: card.id, list: list.id, after: this.#after(list.items) }, items);
      return `items in ${list.id}`;
    }
    if (kind === 3) lists.renameItem(doc, at, this.#typedInto(item.text));
    else if (kind === 4) lists.checkItem(doc, at, !item.checked);
    else if (kind === 5)
      lists.moveItem(doc, at, { list: this.#pick(card.checklists)!.id, after: this.#after(list.items) });
    else if (kind === 6) lists.removeItem(doc, at, doing);
    else if (kind === 7) lists.removeChecklist(doc, card.id, list.id, doing);
    else lists.renameChecklist(doc, card.id, list.id, this.#typedInto(list.name));
    return `checklist edit ${String(kind)} in ${list.id}`;
  }

  #addCards({ doc, name }: Replica, column: string, count: number): string {
    const titles = Array.from({ length: count }, () => ({ title: this.#type(2) }));
    const doing = { by: name, at: this.#time };
    const ids = cards.addCards(doc, titles, { column, after: this.#random() < 0.5 ? null : undefined }, doing);
    for (const id of ids) this.#made.add(id);
    return `add ${ids.join()} to ${column}`;
  }

  #judge(): Figures {
    const boards = this.#replicas.map(({ doc }) => readBoard(doc));
    const [board] = boards as [Board];
    for (const other of boards) if (!isDeepStrictEqual(other, board)) throw new Error('replicas show different boards');
    if (board.unreadable.length > 0) throw new Error(`unreadable: ${board.unreadable.join(', ')}`);
    const shown = [...board.columns.flatMap((one) => one.cards), ...board.unsorted, ...board.restored];
    const all = [...shown, ...board.archived, ...board.removed];
    const ids = new Set(all.map((one) => one.id));
    if (ids.size !== all.length) throw new Error('a card stands in two places');
    for (const id of this.#made) if (!ids.has(id)) throw new Error(`card ${id} is lost`);
    for (const column of board.columns) {
      if (column.cards.some((one) => one.column !== column.id)) throw new Error(`a card in ${column.id} is not its`);
      const placed = cards.cardsIn(this.#replicas[0]!.doc, column.id).map((one) => one.id);
      if (
        !isDeepStrictEqual(
          placed,
          column.cards.map((one) => one.id),
        )
      )
        throw new Error('commands see another order than readers');
    }
    const stored = charactersIn(this.#storedText());
    const doubled = [...stored].filter(([, times]) => times > 1).map(([character]) => code(character));
    const lost = [...this.#typed].filter((character) => !stored.has(character)).map(code);
    if (lost.length + doubled.length > 0) throw new Error(`lost ${lost.join()}, doubled ${doubled.join()}`);
    for (const one of all) this.#showsWhatIsStored(one);
    const contested = all.filter((one) => one.contested !== null).length;
    return { typed: this.#typed.size, cards: this.#made.size, contested };
  }

  /** Every text that is stored, in whatever part of the board. */
  #storedText(): string {
    const texts: string[] = [];
    const doc = this.#replicas[0]!.doc;
    const open: Y.Map<unknown>[] = ['columns', 'cards', 'labels', 'fields'].map((root) => doc.getMap(root));
    for (let map = open.pop(); map !== undefined; map = open.pop()) {
      for (const value of map.values()) {
        if (value instanceof Y.Text) texts.push(value.toString());
        else if (value instanceof Y.Map) open.push(value as Y.Map<unknown>);
      }
    }
    return texts.join('\n');
  }

  /** A title is never hidden, and no item that nobody removed. */
  #showsWhatIsStored(card: Card): void {
    const stored = cardsOf(this.#replicas[0]!.doc).get(card.id) as Y.Map<unknown>;
    if (String(stored.get('title')) !== card.title) throw new Error(`card ${card.id} shows another title than it has`);
    const shown = card.checklists.flatMap((list) => list.items.map((item) => `${item.id} ${item.text}`)).sort();
    const there: string[] = [];
    for (const [key, item] of stored.entries()) {
      if (!key.startsWith('item/') || readRemoval(item as Y.Map<unknown>).kind === 'removed') continue;
      there.push(`${key.slice(5)} ${String((item as Y.Map<unknown>).get('text'))}`);
    }
    if (!isDeepStrictEqual(shown, there.sort())) throw new Error(`card ${card.id} hides items`);
  }

  #type(length: number): string {
    let text = '';
    for (let at = 0; at < length; at += 1) {
      if (this.#next > LAST_CHARACTER) return text;
      const character = String.fromCodePoint(this.#next);
      this.#next += 1;
      this.#typed.add(character);
      text += character;
    }
    return text;
  }

  #typedInto(line: string): string {
    const at = this.#below(line.length + 1);
    return line.slice(0, at) + this.#type(1) + line.slice(at);
  }

  #after(list: readonly { readonly id: string }[]): string | null | undefined {
    return this.#random() < 0.3 ? null : this.#pick(list)?.id;
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[this.#below(list.length)];
  }

  #below(most: number): number {
    return Math.floor(this.#random() * most);
  }
}

export function runBoard(seed: number, steps: number): Figures {
  const restore = seedIds(seed);
  try {
    return new Run(seed).run(steps);
  } finally {
    restore();
  }
}
