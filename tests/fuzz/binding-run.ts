// One random run of three editors on one page: each typed character is unique, so that a lost or doubled one has a name.
import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import { BoundState } from '../../app/renderer/editor/binding/bound-state.ts';
import { docFromBlocks } from '../../app/renderer/editor/binding/nodes.ts';
import { TEXT_KINDS } from '../../shared/model/page/block.ts';
import { createMarker } from '../../shared/model/page/marker.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { randomEdit } from './binding-edits.ts';
import { randomOf, seedIds } from './seeded.ts';
import { characterOf, charactersIn, code, FIRST_CHARACTER, LAST_CHARACTER, memberOf } from './typed-characters.ts';

export interface RunOptions {
  readonly seed: number;
  readonly steps: number;
  /** Who undoes: nobody, one replica, or all three. */
  readonly undo: 'none' | 'one' | 'all';
}

export interface RunResult {
  readonly typed: number;
  readonly kept: number;
}

interface Replica {
  readonly doc: Y.Doc;
  readonly editor: BoundState;
  readonly inbox: Uint8Array[];
}

class Run {
  readonly #random: () => number;
  readonly #options: RunOptions;
  readonly #replicas: Replica[] = [];
  readonly #log: string[] = [];
  readonly #deleted = new Set<string>();
  readonly #restored = new Map<string, Set<Replica>>();
  #next = FIRST_CHARACTER;
  #error: unknown = null;

  readonly #source = {
    random: (): number => this.#random(),
    text: (length: number): string => this.#text(length),
    log: (line: string): void => void this.#log.push(line),
    rich: false,
  };

  constructor(options: RunOptions) {
    this.#options = options;
    this.#random = randomOf(options.seed);
    this.#source.rich = options.seed % 4 === 3;
    const start = this.#startState();
    for (let number = 0; number < 3; number += 1) this.#replicas.push(this.#replica(number, start));
  }

  run(): RunResult {
    try {
      for (let step = 0; step < this.#options.steps; step += 1) this.#step();
      this.#settle();
      return this.#judge();
    } catch (error) {
      const log = this.#log.slice(-12).join('\n');
      throw new Error(`seed ${String(this.#options.seed)} (${this.#options.undo}): ${String(error)}\n${log}`, {
        cause: error,
      });
    } finally {
      for (const { editor } of this.#replicas) editor.dispose();
    }
  }

  #replica(number: number, start: Uint8Array): Replica {
    const doc = new Y.Doc();
    doc.clientID = 1000 + Math.floor(this.#random() * 1e6) * 3 + number;
    Y.applyUpdate(doc, start);
    const body = doc.getText('body');
    const editor = new BoundState(body, [], (error) => {
      this.#error ??= error;
    });
    const replica: Replica = { doc, editor, inbox: [] };
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'network') return;
      for (const other of this.#replicas) if (other !== replica) other.inbox.push(update);
    });
    return replica;
  }

  /** Plain text, in one of four runs with marks, or things that this version does not know, text without a marker, moved blocks. */
  #startState(): Uint8Array {
    const doc = new Y.Doc();
    doc.clientID = 1;
    const body = doc.getText('body');
    const odd = this.#random() < 0.4;
    if (this.#random() < 0.2) return Y.encodeStateAsUpdate(doc);
    doc.transact(() => {
      const end = (): number => body.length;
      if (odd && this.#random() < 0.5) body.insert(0, this.#text(3));
      for (let count = 0; count < 4; count += 1) {
        const kind = TEXT_KINDS[count % TEXT_KINDS.length] ?? 'paragraph';
        body.insertEmbed(end(), createMarker({ id: `block-number-${String(count)}`, kind }));
        body.insert(end(), this.#text(5), {});
        if (!odd) continue;
        if (count === 1) body.insertEmbed(end(), { mention: 'somebody' }, {});
        if (count === 1) body.insert(end(), this.#text(2), { tint: { hue: 7 } });
        if (count === 2) {
          body.insertEmbed(end(), new Y.Map<unknown>(Object.entries({ id: 'whiteboard-1', kind: 'whiteboard' })), {});
          body.insert(end(), this.#text(2), {});
          body.insertEmbed(end(), createMarker({ id: 'divider-1', kind: 'divider' }), {});
          body.insert(end(), this.#text(2), {});
        }
      }
      if (this.#source.rich) {
        body.insertEmbed(5, { type: 'mention', member: memberOf(this.#text(1)) }, {});
        body.insertEmbed(5, { type: 'date', date: '2026-11-29' }, {});
        const props = { blob: 'cd'.repeat(32), width: 320, pixels: [640, 480] };
        body.insertEmbed(end(), createMarker({ id: 'picture-1', kind: 'image', props }), {});
        const table = createMarker({ id: 'table-number-1', kind: 'table' });
        table.set('cells', new Y.Map([['a', new Y.Text('cell')]]));
        body.insertEmbed(end(), table, {});
        body.insert(end(), this.#text(2), {});
        const ask = { text: 'ask', choices: ['one', 'two'] };
        body.insertEmbed(end(), createMarker({ id: 'poll-number-1', kind: 'poll', props: { ask } }), {});
        body.insert(end(), this.#text(2), {});
      }
      // By the seed and not at random: the named cases stay what they were.
      const marked = this.#options.seed % 4 === 2;
      for (let at = 2; marked && at + 2 < body.length; at += 6) body.format(at, 3, { bold: true });
    });
    return Y.encodeStateAsUpdate(doc);
  }

  #text(length: number): string {
    let text = '';
    for (let count = 0; count < length && this.#next <= LAST_CHARACTER; count += 1) {
      text += String.fromCharCode(this.#next++);
    }
    return text;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #step(): void {
    const number = this.#below(3);
    const replica = this.#replicas[number]!;
    if (this.#random() < 0.35) {
      this.#deliver(replica, 1 + this.#below(4));
      this.#log.push(`${String(number)} receives`);
      this.#check(replica);
      return;
    }
    if (this.#random() < 0.6) replica.editor.binding.stopCapturing();
    const before = charactersOf(replica);
    const undoes = this.#options.undo === 'all' || (this.#options.undo === 'one' && number === 0);
    const [name, mayDelete] =
      undoes && this.#random() < 0.15 ? this.#revert(replica) : randomEdit(replica.editor, this.#source);
    this.#log.push(`${String(number)} ${name}`);
    this.#check(replica);
    const after = charactersOf(replica);
    for (const character of before.keys()) {
      if (after.has(character)) continue;
      if (!mayDelete) throw new Error(`${name} took ${code(character)} away`);
      this.#deleted.add(character);
    }
    for (const [character, count] of after) {
      if ((before.get(character) ?? 0) >= count || (before.size === 0 && !name.endsWith('do'))) continue;
      if (!name.endsWith('do') && before.has(character)) throw new Error(`${name} doubled ${code(character)}`);
      if (!name.endsWith('do')) continue;
      const by = this.#restored.get(character) ?? new Set();
      this.#restored.set(character, by.add(replica));
    }
  }

  #revert({ editor }: Replica): [string, boolean] {
    const back = this.#random() < 0.65;
    if (back) editor.binding.undo();
    else editor.binding.redo();
    return [back ? 'undo' : 'redo', true];
  }

  /** Hands over some waiting updates in any order; some twice. */
  #deliver(replica: Replica, count: number): void {
    for (let done = 0; done < count && replica.inbox.length > 0; done += 1) {
      const at = this.#random() < 0.7 ? 0 : this.#below(replica.inbox.length);
      const update = replica.inbox[at]!;
      if (this.#random() < 0.9) replica.inbox.splice(at, 1);
      Y.applyUpdate(replica.doc, update, 'network');
    }
  }

  #settle(): void {
    while (this.#replicas.some(({ inbox }) => inbox.length > 0)) {
      for (const replica of this.#replicas) {
        this.#deliver(replica, replica.inbox.length);
        this.#check(replica);
      }
    }
    // Yjs 13.6 can leave updates that came in a wrong order waiting for ever (seed 3692); a connection's first exchange of
    // state vectors mends it, and every connection begins with one.
    for (const replica of this.#replicas) {
      for (const other of this.#replicas) {
        Y.applyUpdate(replica.doc, Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(replica.doc)), 'network');
        this.#check(replica);
      }
    }
  }

  #check({ editor }: Replica): void {
    if (this.#error) throw this.#error;
    const stored = docFromBlocks(readBlocks(editor.binding.body));
    if (!editor.state.doc.eq(stored)) {
      throw new Error(`the view is not the stored form\nview   ${String(editor.state.doc)}\nstored ${String(stored)}`);
    }
    editor.state.doc.check();
  }

  #judge(): RunResult {
    const [first, ...others] = this.#replicas;
    // As plain data: the order of a map's keys is the order of their arrival and says nothing.
    const plain = ({ editor }: Replica): unknown => JSON.parse(JSON.stringify(editor.binding.body.toDelta()));
    for (const other of others) {
      if (!isDeepStrictEqual(plain(other), plain(first!))) {
        throw new Error(`the replicas differ\n${JSON.stringify(plain(first!))}\n${JSON.stringify(plain(other))}`);
      }
      if (!other.editor.state.doc.eq(first!.editor.state.doc)) throw new Error('the views differ');
    }
    const present = charactersOf(first!);
    let kept = 0;
    for (let point = FIRST_CHARACTER; point < this.#next; point += 1) {
      const character = String.fromCharCode(point);
      const count = present.get(character) ?? 0;
      if (count === 0 && !this.#deleted.has(character)) throw new Error(`lost ${code(character)}`);
      // Two people who undo one and the same deletion while apart both bring the text back (RULES.md, BI-limits).
      if (count > Math.max(1, this.#restored.get(character)?.size ?? 0)) {
        throw new Error(`${String(count)} times ${code(character)}`);
      }
      if (count > 0) kept += 1;
    }
    return { typed: this.#next - FIRST_CHARACTER, kept };
  }
}

/** Runs one seed; throws with the seed and the last steps when a rule is broken. */
export function runBinding(options: RunOptions): RunResult {
  // Block ids are random; here they come from the seed as well.
  const restore = seedIds(options.seed + 1e6);
  try {
    return new Run(options).run();
  } finally {
    restore();
  }
}

/** How often each typed character stands in the stored text, those that name a mention included. */
function charactersOf({ editor }: Replica): Map<string, number> {
  let text = editor.binding.body.toString();
  for (const { insert } of editor.binding.body.toDelta() as { insert: unknown }[]) {
    text += characterOf((insert as { member?: unknown } | null)?.member);
  }
  return charactersIn(text);
}
