// One random run of two or three people on a page with tables, apart for long: each typed character is unique, so that one that is in no text and no list has a name.
import * as Y from 'yjs';
import type { Passage } from '../../app/host/recovered/passage.ts';
import { newAtom } from '../../app/renderer/editor/commands/new-blocks.ts';
import { pageSchema } from '../../app/renderer/editor/schema.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { Team, type Desk } from './apart-desks.ts';
import { broken } from './mailboxes.ts';
import { randomOf, seedIds } from './seeded.ts';
import { charactersIn, code, FIRST_CHARACTER, LAST_CHARACTER } from './typed-characters.ts';

export interface RecoveredResult {
  readonly typed: number;
  readonly lost: number;
  readonly joined: number;
  /** Characters that are offered although somebody deleted them who had them: two deleted one table at the same time. */
  readonly tooMany: number;
}

class Run {
  readonly #seed: number;
  readonly #random: () => number;
  readonly #team: Team;
  readonly #log: string[] = [];
  readonly #deleted = new Set<string>();
  #cameBack = false;
  #next = FIRST_CHARACTER;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = randomOf(seed);
    const start = new Y.Doc();
    start.clientID = 1;
    const text = (words: string) => [{ type: 'text' as const, text: words, marks: {} }];
    appendBlocks(start.getText('body'), [
      { type: 'text', kind: 'paragraph', content: text('one') },
      {
        type: 'atom',
        kind: 'table',
        props: {
          table: {
            header: true,
            columns: [{}, {}],
            rows: [
              [[], []],
              [[], []],
            ],
          },
        },
      },
      { type: 'text', kind: 'paragraph', content: text('two') },
      { type: 'text', kind: 'paragraph', content: text('three') },
    ]);
    const clients = Array.from({ length: 2 + this.#below(2) }, (_, number) => 1000 + this.#below(1e6) * 4 + number);
    this.#team = new Team(Y.encodeStateAsUpdate(start), clients);
  }

  async run(steps: number): Promise<RecoveredResult> {
    try {
      for (let step = 0; step < steps; step += 1) this.#step();
      this.#team.merge();
      return await this.#judge();
    } catch (error) {
      throw broken(this.#seed, this.#log, error);
    } finally {
      this.#team.dispose();
    }
  }

  #step(): void {
    const { desks } = this.#team;
    const desk = desks[this.#below(desks.length)]!;
    if (this.#random() < 0.12) {
      const other = desks[this.#below(desks.length)]!;
      this.#team.bring(other.number, desk.number);
      this.#log.push(`${String(desk.number)} receives from ${String(other.number)}`);
      return;
    }
    if (this.#random() < 0.02) {
      desk.comeBack();
      this.#cameBack = true;
      this.#log.push(`${String(desk.number)} comes back`);
      return;
    }
    const before = charactersIn(desk.text);
    const name = this.#edit(desk);
    this.#log.push(`${String(desk.number)} ${name}`);
    const after = charactersIn(desk.text);
    for (const character of before.keys()) if (!after.has(character)) this.#deleted.add(character);
  }

  #edit(desk: Desk): string {
    const { state } = desk.editor;
    const choice = this.#random();
    const tables = desk.markers.length;
    if (tables > 0 && choice < 0.35) {
      const { read } = desk.table;
      if (read.rows.length === 0 || read.columns.length === 0) return 'finds an empty table';
      const typed = this.#text();
      desk.fill(this.#below(read.rows.length), this.#below(read.columns.length), typed);
      return `types ${code(typed)} in a cell`;
    }
    if (tables > 0 && choice < 0.4) {
      const { read } = desk.table;
      const [row, column] = [read.rows[this.#below(read.rows.length)], read.columns[this.#below(read.columns.length)]];
      const [cell] = row && column ? read.texts(row.id, column.id) : [];
      if (!cell || cell.text.length === 0) return 'finds an empty cell';
      const at = this.#below(cell.text.length);
      desk.editor.binding.change(() => cell.text.delete(at, 1));
      return 'deletes in a cell';
    }
    if (tables > 0 && choice < 0.46) {
      const kind = this.#random() < 0.5 ? 'row' : 'column';
      const { read } = desk.table;
      const lines = kind === 'row' ? read.rows : read.columns;
      if (lines.length < 2) return 'keeps the last';
      desk.removeLine(kind, this.#below(lines.length));
      return `removes a ${kind}`;
    }
    if (tables > 0 && choice < 0.5) {
      desk.addRow();
      return 'adds a row';
    }
    if (tables > 0 && choice < 0.54) {
      desk.deleteTable();
      return 'deletes the tables';
    }
    if (choice < 0.6) {
      const table = { header: true, columns: [{}, {}], rows: [[[], []]] };
      desk.editor.dispatch(state.tr.insert(0, newAtom(pageSchema, { type: 'atom', kind: 'table', props: { table } })));
      return 'makes a table';
    }
    const blocks: { readonly at: number; readonly size: number }[] = [];
    state.doc.forEach((node, at) => {
      if (node.isTextblock) blocks.push({ at, size: node.nodeSize });
    });
    const block = blocks[this.#below(blocks.length)];
    if (!block) return 'finds no text';
    const inside = block.at + 1 + this.#below(block.size - 1);
    if (choice < 0.78) {
      const typed = this.#text();
      desk.editor.dispatch(state.tr.insertText(typed, inside));
      return `types ${code(typed)}`;
    }
    if (choice < 0.84) {
      desk.editor.dispatch(state.tr.split(inside));
      return 'splits';
    }
    if (choice < 0.9 && state.doc.childCount > 1) {
      desk.delete(block.at, block.at + block.size);
      return 'deletes a block';
    }
    if (choice < 0.94) {
      const other = blocks[this.#below(blocks.length)]!;
      const [from, to] = [Math.min(inside, other.at + 1), Math.max(inside, other.at + 1)];
      desk.delete(from, to);
      return 'deletes a selection';
    }
    if (this.#seed % 3 === 0 && desk.number === 0) {
      if (this.#random() < 0.7) desk.editor.binding.undo();
      else desk.editor.binding.redo();
      return 'undoes or redoes';
    }
    desk.editor.binding.stopCapturing();
    return 'waits';
  }

  async #judge(): Promise<RecoveredResult> {
    const { desks } = this.#team;
    const everybody = desks.map(({ number }) => number);
    const text = charactersIn(desks[0]!.text);
    const all = await this.#team.found(0);
    this.#mustHoldAll(text, all, 'with all sessions');
    this.#mustHoldAll(text, await this.#team.found(1, everybody, true), 'after merging');
    // A window that came back tells of what others deleted: then whose it was is known only with their sessions.
    if (!this.#cameBack) {
      for (const number of everybody)
        this.#mustHoldAll(text, await this.#team.found(number, [number]), `with the sessions of ${String(number)}`);
    }
    const lost = charactersOf(all, 'lost');
    return {
      typed: this.#next - FIRST_CHARACTER,
      lost: lost.size,
      joined: charactersOf(all, 'joined').size,
      tooMany: [...lost.keys()].filter((character) => this.#deleted.has(character)).length,
    };
  }

  #mustHoldAll(text: ReadonlyMap<string, number>, passages: readonly Passage[], when: string): void {
    const lost = charactersOf(passages, 'lost');
    for (let point = FIRST_CHARACTER; point < this.#next; point += 1) {
      const character = String.fromCharCode(point);
      if (text.has(character) || lost.has(character) || this.#deleted.has(character)) continue;
      throw new Error(`${code(character)} is in no text and no list ${when}`);
    }
    for (const character of charactersOf(passages, 'joined').keys())
      if (!text.has(character)) throw new Error(`${code(character)} is said to be in the text ${when}`);
    if (this.#seed % 3 === 0) return;
    for (const character of lost.keys())
      if (text.has(character)) throw new Error(`${code(character)} is in the text and in the list ${when}`);
  }

  #text(): string {
    return this.#next <= LAST_CHARACTER ? String.fromCharCode(this.#next++) : 'x';
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

function charactersOf(passages: readonly Passage[], kind: Passage['kind']): Map<string, number> {
  return charactersIn(passages.flatMap((passage) => (passage.kind === kind ? passage.lines : [])).join(''));
}

/** Runs one seed; throws with the seed and the last steps when a word is gone in silence. */
export async function runRecovered(seed: number, steps: number): Promise<RecoveredResult> {
  const restore = seedIds(seed + 2e6);
  try {
    return await new Run(seed).run(steps);
  } finally {
    restore();
  }
}
