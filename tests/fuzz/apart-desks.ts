// People at computers of their own who edit one page while apart: editors, recorded sessions, merging, and what each finds swallowed.
import * as Y from 'yjs';
import { BoundState } from '../../app/renderer/editor/binding/bound-state.ts';
import { findPassages } from '../../app/host/recovered/find-passages.ts';
import type { Passage } from '../../app/host/recovered/passage.ts';
import { RoomPast, type PlacedUpdate } from '../../shared/hub/history/room-past.ts';
import { addLines, ownText, removeLines } from '../../shared/model/page/table-commands.ts';
import { readTable, type Table } from '../../shared/model/page/table-read.ts';

/** One person's computer. What it says is recorded there, as a hub records its windows. */
export class Desk {
  readonly number: number;
  readonly doc = new Y.Doc();
  readonly editor: BoundState;
  readonly #team: Team;
  /** All that ever reached this computer, as bytes: a hub builds no document. */
  stored: Uint8Array[];

  constructor(team: Team, number: number, client: number, start: Uint8Array) {
    this.#team = team;
    this.number = number;
    this.doc.clientID = client;
    this.stored = [start];
    Y.applyUpdate(this.doc, start, 'network');
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'network') return;
      this.stored.push(update);
      team.record(number, update);
    });
    this.editor = new BoundState(this.doc.getText('body'));
  }

  /** Where the text of the block that begins with some words starts, as the editor counts. */
  startOf(words: string): number {
    let found = -1;
    this.editor.state.doc.forEach((node, offset) => {
      if (found < 0 && node.isTextblock && node.textContent.startsWith(words)) found = offset + 1;
    });
    if (found < 0) throw new Error(`no block begins with ${words}`);
    return found;
  }

  type(block: string, offset: number, words: string): void {
    this.editor.dispatch(this.editor.state.tr.insertText(words, this.startOf(block) + offset));
  }

  delete(from: number, to: number): void {
    this.editor.dispatch(this.editor.state.tr.delete(from, to));
  }

  deleteBlock(words: string): void {
    const at = this.startOf(words) - 1;
    this.delete(at, at + this.editor.state.doc.nodeAt(at)!.nodeSize);
  }

  get markers(): Y.Map<unknown>[] {
    return (this.doc.getText('body').toDelta() as { insert: unknown }[])
      .map(({ insert }) => insert)
      .filter((insert): insert is Y.Map<unknown> => insert instanceof Y.Map && insert.get('kind') === 'table');
  }

  get table(): { marker: Y.Map<unknown>; read: Table } {
    const [marker] = this.markers;
    if (!marker) throw new Error('no table');
    return { marker, read: readTable(marker) };
  }

  /** Types at the end of a cell. */
  fill(row: number, column: number, words: string): void {
    const { marker, read } = this.table;
    const text = ownText(marker, read.rows[row]!.id, read.columns[column]!.id);
    this.editor.binding.change(() => text.insert(text.length, words));
  }

  /** All of them. */
  deleteTable(): void {
    const tables: (readonly [from: number, to: number])[] = [];
    this.editor.state.doc.forEach((node, offset) => {
      if (node.type.name === 'table') tables.push([offset, offset + node.nodeSize]);
    });
    for (const [from, to] of tables.reverse()) this.delete(from, to);
  }

  removeLine(kind: 'row' | 'column', number: number): void {
    const { marker, read } = this.table;
    const line = (kind === 'row' ? read.rows : read.columns)[number]!;
    removeLines(marker, kind, [line.id], { at: 1, by: 'somebody' }, this.editor.binding.origin);
  }

  addRow(): void {
    addLines(this.table.marker, 'row', {}, this.editor.binding.origin);
  }

  get text(): string {
    const cells = this.markers.flatMap((marker) => {
      const table = readTable(marker);
      return table.rows.flatMap(({ id }) =>
        table.columns.flatMap((column) => table.texts(id, column.id).map(({ text }) => text.toString())),
      );
    });
    const blocks: string[] = [];
    this.editor.state.doc.forEach((node) => blocks.push(node.textContent));
    return [...blocks, ...cells].join('\n');
  }

  /** The window loses its host and comes back: it tells of all that is deleted in its document. */
  comeBack(): void {
    const state = Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(this.doc));
    this.stored.push(state);
    this.#team.record(this.number, state);
  }

  dispose(): void {
    this.editor.dispose();
    this.doc.destroy();
  }
}

export class Team {
  readonly desks: readonly Desk[];
  readonly #recorded: { readonly desk: number; readonly at: number; readonly update: Uint8Array }[] = [];
  readonly #start: Uint8Array;
  now = 1_000_000;

  constructor(start: Uint8Array, clients: readonly number[]) {
    this.#start = start;
    this.desks = clients.map((client, number) => new Desk(this, number, client, start));
  }

  record(desk: number, update: Uint8Array): void {
    this.now += 1_000;
    this.#recorded.push({ desk, at: this.now, update });
  }

  /** One computer gets all that another has. */
  bring(from: number, to: number): void {
    const [source, target] = [this.desks[from]!, this.desks[to]!];
    const known = new Set(target.stored);
    for (const update of source.stored) {
      if (known.has(update)) continue;
      target.stored.push(update);
      Y.applyUpdate(target.doc, update, 'network');
    }
  }

  /** Until all have all. */
  merge(): void {
    for (let round = 0; round < 2; round += 1)
      for (const { number } of this.desks)
        for (const { number: other } of this.desks) if (other !== number) this.bring(number, other);
  }

  /** What a computer finds. @param whose sessions have reached it, by desk; all unless said. @param merged its store was merged, which collects. */
  async found(
    at = 0,
    whose: readonly number[] = this.desks.map(({ number }) => number),
    merged = false,
  ): Promise<readonly Passage[]> {
    const current = Y.mergeUpdates(this.desks[at]!.stored);
    const updates = this.#recorded.filter(({ desk }) => whose.includes(desk));
    const sessions = this.desks.map(({ number }) => ({ device: `device-${String(number)}`, member: '' }));
    const past = await RoomPast.build({
      updates: async function* (): AsyncIterable<PlacedUpdate> {
        for (const { desk, at: time, update } of updates) yield { at: time, update, segment: desk };
      },
      current: merged ? collected(current) : current,
      // Before anything is collected what was there before the recording is kept (SG14).
      bases: merged ? [{ since: 1, update: this.#start }] : [],
    });
    try {
      return await findPassages(past, sessions, () => Promise.resolve());
    } finally {
      past.dispose();
    }
  }

  dispose(): void {
    for (const desk of this.desks) desk.dispose();
  }
}

function collected(update: Uint8Array): Uint8Array {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  const state = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return state;
}
