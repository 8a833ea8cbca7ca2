// One random run of two to six hosts that move cards among two or three boards, apart and together, and are cut off in the middle of it: every typed character is unique, so that a lost or doubled one has a name.
import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import * as cards from '../../shared/model/board/card-commands.ts';
import type { Card } from '../../shared/model/board/card.ts';
import { setCardLabel, setCardMember, writeCardText } from '../../shared/model/board/card-details.ts';
import * as lists from '../../shared/model/board/checklist-commands.ts';
import * as columns from '../../shared/model/board/column-commands.ts';
import { addField, addLabel } from '../../shared/model/board/definition-commands.ts';
import { readLate, settleLate, writeLate } from '../../shared/model/board/late-words.ts';
import { beginLeaving, endLeaving, placeCards, takeCards } from '../../shared/model/board/parcel.ts';
import { readBoard, type Board } from '../../shared/model/board/read.ts';
import { readGoings, settleGoings, writeSettlings } from '../../shared/model/board/settle-goings.ts';
import { readRemoval } from '../../shared/model/document/removal.ts';
import { cardsOf } from '../../shared/model/document/roots.ts';
import { broken, deliver, deliverAll, post, replicaOf, type Mailbox } from './mailboxes.ts';
import { randomOf, seedIds } from './seeded.ts';
import { charactersIn, code, FIRST_CHARACTER, LAST_CHARACTER } from './typed-characters.ts';

interface Host {
  readonly name: string;
  /** By board. */
  readonly boards: ReadonlyMap<string, Mailbox>;
}

export interface Figures {
  readonly typed: number;
  readonly cards: number;
  readonly gone: number;
  /** Maps that two took to two places, when all was said. */
  readonly beaten: number;
  /** Maps in which something was late. */
  readonly late: number;
}

class Run {
  readonly #seed: number;
  readonly #random: () => number;
  readonly #boards: readonly string[];
  readonly #hosts: Host[] = [];
  readonly #log: string[] = [];
  readonly #typed = new Set<string>();
  readonly #made = new Set<string>();
  #next = FIRST_CHARACTER;
  #time = 1;
  #gone = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = randomOf(seed);
    this.#boards = ['launch', 'ground', 'flight'].slice(0, 2 + this.#below(2));
    const starts = this.#boards.map((board, at) => {
      const doc = new Y.Doc();
      doc.clientID = 1 + at;
      for (const id of ['todo', 'done']) columns.addColumn(doc, { id, name: '' });
      columns.setColumnCompletes(doc, 'done', true);
      if (at === 0) addLabel(doc, { id: 'bug', name: 'bug' });
      addField(doc, { id: `note-${board}`, name: 'note', kind: 'text' });
      return [board, doc] as const;
    });
    const count = 2 + this.#below(5);
    const mail = new Map(this.#boards.map((board) => [board, [] as Mailbox[]]));
    for (let number = 0; number < count; number += 1) {
      const boards = new Map<string, Mailbox>();
      for (const [at, [board, start]] of starts.entries()) {
        const client = 1000 + this.#below(1e6) * 32 + number * 4 + at;
        const replica = { doc: replicaOf(start, client), inbox: [] };
        mail.get(board)!.push(replica);
        post(replica, mail.get(board)!);
        boards.set(board, replica);
      }
      this.#hosts.push({ name: `m${String(number)}`, boards });
    }
    this.#addCards(this.#hosts[0]!, this.#boards[0]!, 3);
  }

  run(steps: number): Figures {
    try {
      for (let step = 0; step < steps; step += 1) this.#step();
      this.#meet();
      const figures = this.#judge();
      this.#takeLate();
      return figures;
    } catch (error) {
      throw broken(this.#seed, this.#log, error);
    }
  }

  #step(): void {
    const host = this.#pick(this.#hosts)!;
    const board = this.#pick(this.#boards)!;
    const chance = this.#random();
    this.#time += 1;
    if (chance < 0.25) deliver(host.boards.get(board)!, 1 + this.#below(6));
    else if (chance < 0.32) this.#log.push(`${host.name}: settled ${String(this.#settle(host))}`);
    else if (chance < 0.55) this.#log.push(`${host.name}: ${this.#go(host, board)}`);
    else this.#log.push(`${host.name}: ${this.#edit(host, board)}`);
  }

  /** As a host does it, which may end after each of its steps. */
  #go(host: Host, from: string): string {
    const to = this.#pick(this.#boards.filter((one) => one !== from))!;
    const [here, there] = [host.boards.get(from)!.doc, host.boards.get(to)!.doc];
    const shown = shownOn(readBoard(here));
    const ids = [...new Set([this.#pick(shown), this.#pick(shown)].flatMap((card) => card?.id ?? []))];
    const column = this.#pick(readBoard(there).columns);
    if (ids.length === 0 || !column) return 'nothing to take';
    const doing = { by: host.name, at: this.#time };
    const taken = takeCards(here, ids);
    const goings = beginLeaving(here, taken, to, doing);
    const words = `takes ${ids.join()} from ${from} to ${to}`;
    if (this.#random() < 0.08) return `${words}, and ends before it is there`;
    const parcels = taken.cards.map((one) => ({
      id: one.card.id,
      taken: one,
      going: { from, ...goings.get(one.card.id)! },
    }));
    const run = { column: column.id, after: this.#after(column.cards), parcels };
    placeCards(there, [run], { taken, makeLabels: true, doing, isCopy: false, authors: new Set() });
    this.#gone += ids.length;
    if (this.#random() < 0.08) return `${words}, and ends when it is there`;
    endLeaving(here, new Set([...goings.values()].map(({ id }) => id)));
    return words;
  }

  /** Answers how much was written; it may end before all of it is. */
  #settle({ boards }: Host): number {
    const known = new Map([...boards].map(([board, { doc }]) => [board, readGoings(doc)]));
    const settlings = settleGoings(known).filter(() => this.#random() < 0.95);
    for (const [board, { doc }] of boards) {
      writeSettlings(
        doc,
        settlings.filter((one) => one.board === board),
      );
    }
    return settlings.length;
  }

  #edit(host: Host, name: string): string {
    const { doc } = host.boards.get(name)!;
    const board = readBoard(doc);
    const card = this.#pick(shownOn(board));
    const column = this.#pick(board.columns);
    const doing = { by: host.name, at: this.#time };
    if (!column) return `column ${columns.addColumn(doc, { name: this.#type(1) })}`;
    if (!card || this.#random() < 0.1) return this.#addCards(host, name, 1 + this.#below(2));
    switch (this.#below(10)) {
      case 0:
        cards.moveCard(doc, card.id, { column: column.id, after: this.#after(column.cards) }, doing);
        return `moves ${card.id}`;
      case 1:
      case 2:
        cards.renameCard(doc, card.id, this.#typedInto(card.title));
        return `renames ${card.id} in ${name}`;
      case 3: {
        const again = this.#pick(board.removed);
        if (again && this.#random() < 0.5) cards.restoreCard(doc, again.id);
        else cards.removeCard(doc, card.id, doing);
        return `removes ${card.id} in ${name}`;
      }
      case 4: {
        const again = this.#pick(board.archived);
        if (again && this.#random() < 0.5) cards.unarchiveCard(doc, again.id);
        else cards.archiveCard(doc, card.id, this.#time);
        return `archives ${card.id} in ${name}`;
      }
      case 5: {
        const gone = this.#pick(board.removedColumns);
        const other = board.columns.find((one) => one.id !== column.id);
        if (gone) columns.restoreColumn(doc, gone.id);
        else if (this.#random() < 0.5) columns.removeColumn(doc, column.id, other ? { to: other.id } : 'remove', doing);
        else columns.renameColumn(doc, column.id, this.#typedInto(column.name));
        return `column ${column.id} of ${name}`;
      }
      case 6: {
        const note = card.values.find(({ field }) => board.fields.find(({ id }) => id === field)?.kind === 'text');
        const field = board.fields[0]!.id;
        if (!note) writeCardText(doc, card.id, field, this.#type(1));
        else if (board.labels[0]) setCardLabel(doc, [card.id], board.labels[0].id, true);
        setCardMember(doc, [card.id], host.name, this.#random() < 0.7);
        return `notes on ${card.id} in ${name}`;
      }
      default:
        return this.#editChecklist(doc, card, doing);
    }
  }

  #editChecklist(doc: Y.Doc, card: Card, doing: { by: string; at: number }): string {
    const list = this.#pick(card.checklists);
    const item = list && this.#pick(list.items);
    if (!list) return `list ${lists.addChecklist(doc, card.id, { name: this.#type(1) })} of ${card.id}`;
    const at = item && { card: card.id, item: item.id };
    if (!at || this.#random() < 0.4) {
      lists.addItems(doc, { card: card.id, list: list.id }, [{ text: this.#type(1) }]);
      return `item in ${list.id} of ${card.id}`;
    }
    const kind = this.#below(4);
    if (kind === 0) lists.checkItem(doc, at, !item.checked);
    else if (kind === 1) lists.removeItem(doc, at, doing);
    else lists.renameItem(doc, at, this.#typedInto(item.text));
    return `item ${item.id} of ${card.id}`;
  }

  #addCards({ name, boards }: Host, board: string, count: number): string {
    const { doc } = boards.get(board)!;
    const column = this.#pick(readBoard(doc).columns)!.id;
    const titles = Array.from({ length: count }, () => ({ title: this.#type(2) }));
    const ids = cards.addCards(doc, titles, { column }, { by: name, at: this.#time });
    for (const id of ids) this.#made.add(id);
    return `adds ${ids.join()} to ${board}`;
  }

  /** Everybody hears of everything, and what is to be settled is. */
  #meet(): void {
    for (let round = 0; round < 30; round += 1) {
      for (const board of this.#boards) deliverAll(this.#hosts.map(({ boards }) => boards.get(board)!));
      if (this.#hosts.every(({ boards }) => settleGoings(goingsOf(boards)).length === 0)) return;
      for (const host of this.#hosts) this.#settle(host);
    }
    throw new Error('it is never settled');
  }

  #judge(): Figures {
    const places = new Map<string, string[]>();
    let beaten = 0;
    let late = 0;
    const shownText: string[] = [];
    const keptText: string[] = [];
    for (const name of this.#boards) {
      const [first, ...others] = this.#hosts.map(({ boards }) => boards.get(name)!.doc);
      const board = readBoard(first!);
      for (const other of others)
        if (!isDeepStrictEqual(readBoard(other), board)) throw new Error(`hosts show another ${name}`);
      if (board.unreadable.length > 0) throw new Error(`unreadable: ${board.unreadable.join()}`);
      for (const card of [...shownOn(board), ...board.removed]) {
        places.set(card.id, [...(places.get(card.id) ?? []), name]);
        shownText.push(...textsIn(cardsOf(first!).get(card.place.key)));
      }
      for (const column of board.columns) {
        keptText.push(column.name);
        const placed = cards.cardsIn(first!, column.id).map((one) => one.id);
        const read = column.cards.map((one) => one.id);
        if (!isDeepStrictEqual(placed, read)) throw new Error('commands see another order than readers');
      }
      for (const column of board.removedColumns) keptText.push(column.name);
      for (const one of board.elsewhere) {
        const map = cardsOf(first!).get(one.card.place.key) as Y.Map<unknown>;
        if (one.beaten) beaten += 1;
        if (one.late.length > 0) late += 1;
        for (const key of one.late) keptText.push(...textsIn(map.get(key)));
        // What somebody removed before it went stays behind.
        for (const value of map.values())
          if (value instanceof Y.Map && readRemoval(value as Y.Map<unknown>).kind === 'removed')
            keptText.push(...textsIn(value));
      }
    }
    for (const id of this.#made) {
      const at = places.get(id) ?? [];
      if (at.length !== 1) throw new Error(`card ${id} is on ${at.join(' and ') || 'no board'}`);
    }
    const shown = charactersIn(shownText.join('\n'));
    const kept = charactersIn(keptText.join('\n'));
    const doubled = [...shown].filter(([, times]) => times > 1).map(([one]) => code(one));
    const lost = [...this.#typed].filter((one) => !shown.has(one) && !kept.has(one)).map(code);
    if (lost.length + doubled.length > 0) throw new Error(`lost ${lost.join()}, doubled ${doubled.join()}`);
    return { typed: this.#typed.size, cards: this.#made.size, gone: this.#gone, beaten, late };
  }

  /** Somebody at the first host takes all that is late: then it stands in the cards, once. */
  #takeLate(): void {
    const { boards } = this.#hosts[0]!;
    const where = new Map<string, Y.Doc>();
    for (const { doc } of boards.values())
      for (const card of [...shownOn(readBoard(doc)), ...readBoard(doc).removed]) where.set(card.id, doc);
    for (const { doc } of boards.values()) {
      for (const { card } of readBoard(doc).elsewhere) {
        const late = readLate(doc, card.place.key);
        if (!late) continue;
        writeLate(where.get(card.id)!, late);
        settleLate(doc, card.place.key);
        if (readLate(doc, card.place.key)) throw new Error(`what was taken of ${card.id} is late again`);
        const target = readBoard(where.get(card.id)!);
        const all = [...shownOn(target), ...target.removed].find(({ id }) => id === card.id)!;
        const texts = charactersIn(textsIn(cardsOf(where.get(card.id)!).get(all.place.key)).join('\n'));
        for (const [key, part] of Object.entries(late.parts)) {
          const typed = part.kind === 'text' ? part.runs.map(({ text }) => text).join('') : '';
          for (const one of charactersIn(typed).keys())
            if (texts.get(one) !== 1) throw new Error(`${code(one)} of ${key} did not come into ${card.id}`);
        }
      }
    }
  }

  #type(length: number): string {
    let text = '';
    for (let at = 0; at < length && this.#next <= LAST_CHARACTER; at += 1) {
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

function goingsOf(boards: Host['boards']) {
  return new Map([...boards].map(([board, { doc }]) => [board, readGoings(doc)]));
}

function shownOn({ columns, unsorted, restored, archived }: Board): readonly Card[] {
  return [...columns.flatMap((one) => one.cards), ...unsorted, ...restored, ...archived];
}

function textsIn(value: unknown): readonly string[] {
  const texts: string[] = [];
  const open = [value];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one instanceof Y.Text) texts.push(one.toString());
    else if (one instanceof Y.Map) open.push(...(one as Y.Map<unknown>).values());
  }
  return texts;
}

export function runGoings(seed: number, steps: number): Figures {
  const restore = seedIds(seed);
  try {
    return new Run(seed).run(steps);
  } finally {
    restore();
  }
}
