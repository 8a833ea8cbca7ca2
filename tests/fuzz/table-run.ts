// One random run of two to four replicas on one table: each typed character is unique, so that a lost or doubled one has a name.
import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import {
  addLines,
  fillCells,
  keepLine,
  moveLine,
  ownText,
  removeLines,
} from '../../shared/model/page/table-commands.ts';
import { readTable, type Table } from '../../shared/model/page/table-read.ts';
import { mayBeUndone } from '../../shared/model/page/table-undo.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { broken, deliver, deliverAll, post, replicaOf, type Mailbox } from './mailboxes.ts';
import { randomOf, seedIds } from './seeded.ts';
import { charactersIn, code, FIRST_CHARACTER, LAST_CHARACTER } from './typed-characters.ts';

interface Replica extends Mailbox {
  readonly marker: Y.Map<unknown>;
  readonly undo: Y.UndoManager;
}

class Run {
  readonly #seed: number;
  readonly #random: () => number;
  readonly #replicas: Replica[] = [];
  readonly #log: string[] = [];
  readonly #deleted = new Set<string>();
  /** What the replica that undoes has typed may come and go. */
  readonly #ofUndoer = new Set<string>();
  #next = FIRST_CHARACTER;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = randomOf(seed);
    const start = new Y.Doc();
    start.clientID = 1;
    appendBlocks(start.getText('body'), [
      { type: 'atom', kind: 'table', props: { table: { header: true, columns: [{}, {}], rows: [[[], []]] } } },
    ]);
    const count = 2 + this.#below(3);
    for (let number = 0; number < count; number += 1) this.#replicas.push(this.#replica(number, start));
  }

  run(steps: number): { typed: number; kept: number } {
    try {
      for (let step = 0; step < steps; step += 1) this.#step();
      deliverAll(this.#replicas);
      return this.#judge();
    } catch (error) {
      throw broken(this.#seed, this.#log, error);
    }
  }

  #replica(number: number, start: Y.Doc): Replica {
    const doc = replicaOf(start, 1000 + this.#below(1e6) * 4 + number);
    const body = doc.getText('body');
    const marker = (body.toDelta() as { insert: unknown }[])[0]?.insert as Y.Map<unknown>;
    const undo = new Y.UndoManager(body, { deleteFilter: mayBeUndone, captureTimeout: 0 });
    const replica: Replica = { doc, marker, undo, inbox: [] };
    post(replica, this.#replicas);
    return replica;
  }

  #step(): void {
    const number = this.#below(this.#replicas.length);
    const replica = this.#replicas[number]!;
    if (this.#random() < 0.3) {
      deliver(replica, 1 + this.#below(4));
      return;
    }
    const before = shown(replica);
    const [name, mayDelete] = this.#edit(replica, number);
    this.#log.push(`${String(number)} ${name}`);
    const after = shown(replica);
    for (const [character, count] of after) if (count > 1) throw new Error(`${name} doubled ${code(character)}`);
    for (const character of before.keys()) {
      if (after.has(character)) continue;
      if (!mayDelete) throw new Error(`${name} took ${code(character)} away`);
      if (!name.endsWith('do')) this.#deleted.add(character);
      else if (!this.#ofUndoer.has(character) && !this.#deleted.has(character)) {
        throw new Error(`${name} took ${code(character)} of somebody else away`);
      }
    }
  }

  #edit({ marker, undo, doc }: Replica, number: number): [name: string, mayDelete: boolean] {
    const table = readTable(marker);
    const row = this.#one(table.rows);
    const column = this.#one(table.columns);
    const kind = this.#random() < 0.5 ? 'row' : 'column';
    const lines = kind === 'row' ? table.rows : table.columns;
    const line = this.#one(lines);
    // Two people who remove the last two at the same time leave none.
    if (!row || !column || !line) {
      addLines(marker, row ? 'column' : 'row', {});
      return ['adds the first', false];
    }
    const choice = this.#random();
    if (number === 0 && choice < 0.15) {
      if (this.#random() < 0.7) undo.undo();
      else undo.redo();
      return ['undo or redo', true];
    }
    if (choice < 0.5) {
      const typed = this.#text(1 + this.#below(3), number);
      doc.transact(() => {
        const text = this.#one(table.texts(row.id, column.id))?.text ?? ownText(marker, row.id, column.id);
        text.insert(this.#below(text.length + 1), typed);
      });
      return ['types', false];
    }
    if (choice < 0.58) {
      const text = this.#one(table.texts(row.id, column.id))?.text;
      if (!text || text.length === 0) return ['nothing', false];
      text.delete(this.#below(text.length), 1);
      return ['deletes', true];
    }
    if (choice < 0.7 && lines.length < 8) {
      addLines(marker, kind, { after: this.#random() < 0.3 ? null : line.id, count: 1 + this.#below(2) });
      return [`adds a ${kind}`, false];
    }
    if (choice < 0.8) {
      moveLine(marker, kind, line.id, this.#random() < 0.3 ? null : this.#one(lines)?.id);
      return [`moves a ${kind}`, false];
    }
    if (choice < 0.9) {
      if (lines.length < 2) return ['nothing', false];
      removeLines(marker, kind, [line.id], { at: 1, by: 'somebody' });
      return [`removes a ${kind}`, true];
    }
    if (choice < 0.93) {
      const cell = [{ type: 'text' as const, text: this.#text(1, number), marks: {} }];
      fillCells(marker, {
        row: row.id,
        column: column.id,
        grid: [[cell], [cell.map((run) => ({ ...run, text: this.#text(1, number) }))]],
      });
      return ['pastes', true];
    }
    const back = lines.find(({ returned }) => returned);
    if (!back) return ['nothing', false];
    keepLine(marker, kind, back.id);
    return [`keeps a ${kind}`, false];
  }

  #judge(): { typed: number; kept: number } {
    const [first, ...others] = this.#replicas;
    for (const other of others) {
      if (!isDeepStrictEqual(outline(other), outline(first!))) {
        throw new Error(`the replicas differ\n${JSON.stringify(outline(first!))}\n${JSON.stringify(outline(other))}`);
      }
    }
    const present = shown(first!);
    let kept = 0;
    for (let point = FIRST_CHARACTER; point < this.#next; point += 1) {
      const character = String.fromCharCode(point);
      const count = present.get(character) ?? 0;
      if (count > 1) throw new Error(`${String(count)} times ${code(character)}`);
      if (count === 0 && !this.#deleted.has(character) && !this.#ofUndoer.has(character)) {
        throw new Error(`lost ${code(character)}`);
      }
      kept += count;
    }
    return { typed: this.#next - FIRST_CHARACTER, kept };
  }

  #text(length: number, number: number): string {
    let text = '';
    for (let count = 0; count < length && this.#next <= LAST_CHARACTER; count += 1) {
      const character = String.fromCharCode(this.#next++);
      if (number === 0) this.#ofUndoer.add(character);
      text += character;
    }
    return text;
  }

  #one<T>(values: readonly T[]): T | undefined {
    return values[this.#below(values.length)];
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

/** Runs one seed; throws with the seed and the last steps when a rule is broken. */
export function runTable(seed: number, steps: number): { typed: number; kept: number } {
  const restore = seedIds(seed + 1e6);
  try {
    return new Run(seed).run(steps);
  } finally {
    restore();
  }
}

function shown(replica: Replica): Map<string, number> {
  return charactersIn(outline(replica).cells.flat().join(''));
}

function outline({ marker }: Replica): { rows: Table['rows']; columns: Table['columns']; cells: string[][] } {
  const table = readTable(marker);
  const cells = table.rows.map(({ id }) =>
    table.columns.map((column) =>
      table
        .texts(id, column.id)
        .map(({ text }) => text.toString())
        .join('\n'),
    ),
  );
  return { rows: table.rows, columns: table.columns, cells };
}
