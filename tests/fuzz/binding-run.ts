// One random run of three editors on one page: each typed character is unique, so that a lost or doubled one has a name.
import { isDeepStrictEqual } from 'node:util';
import { Fragment, Slice, type Node } from 'prosemirror-model';
import { TextSelection, type Transaction } from 'prosemirror-state';
import * as Y from 'yjs';
import { BoundState } from '../../app/renderer/editor/binding/bound-state.ts';
import { docFromBlocks } from '../../app/renderer/editor/binding/nodes.ts';
import { pageSchema } from '../../app/renderer/editor/schema.ts';
import { TEXT_KINDS, type BlockAttributes } from '../../shared/model/page/block.ts';
import { attributesFor, createMarker } from '../../shared/model/page/marker.ts';
import { readBlocks } from '../../shared/model/page/read.ts';

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

/** mulberry32: small, and the same everywhere. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const FIRST_CHARACTER = 0xe000;
const LAST_CHARACTER = 0xf8ff;

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

  constructor(options: RunOptions) {
    this.#options = options;
    this.#random = randomOf(options.seed);
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

  /** Plain text, or things that this version does not know, text without a marker, moved blocks. */
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
    const [name, mayDelete] = undoes && this.#random() < 0.15 ? this.#revert(replica) : this.#edit(replica);
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

  /** One random edit; the second answer says whether it may take text away. */
  #edit({ editor }: Replica): [string, boolean] {
    const { doc, tr } = editor.state;
    const positions = textPositions(doc);
    const some = (): number => positions[this.#below(positions.length)] ?? 1;
    const range = (): [number, number] => {
      const [a, b] = [some(), some()];
      return a < b ? [a, b] : [b, a];
    };
    const near = (): [number, number] => {
      const at = this.#below(positions.length);
      const from = positions[at] ?? 1;
      return [from, positions[Math.min(positions.length - 1, at + this.#below(8))] ?? from];
    };
    const blocks = blockPositions(doc);
    const block = blocks[this.#below(blocks.length)] ?? 0;
    const node = doc.nodeAt(block)!;
    const dispatch = (transaction: Transaction): void => {
      const wanted = transaction.doc;
      editor.dispatch(transaction);
      // What the editor did is what the stored form holds now, but for what it may not delete.
      if (!holdsUnknown(doc) && shapeOf(editor.state.doc) !== shapeOf(wanted)) {
        this.#log.push(
          `edit ${JSON.stringify(transaction.steps)} on${shapeOf(doc)}\n${JSON.stringify(editor.binding.body.toDelta())}`,
        );
        throw new Error(`the edit came out otherwise\nwanted ${shapeOf(wanted)}\nis     ${shapeOf(editor.state.doc)}`);
      }
    };
    if (positions.length === 0) {
      dispatch(tr.insert(0, pageSchema.nodes.block.create(null, this.#textNode(1))));
      return ['insert into a page without text', false];
    }
    const choice = this.#below(22);
    switch (choice) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4: {
        const at = some();
        dispatch(tr.setSelection(TextSelection.create(doc, at)).insertText(this.#text(1 + this.#below(3)), at));
        return [`type at ${String(at)}`, false];
      }
      case 5: {
        const [from, to] = near();
        dispatch(tr.insertText(this.#text(2), from, to));
        return [`replace ${String(from)}-${String(to)} by text`, true];
      }
      case 6:
      case 7: {
        const at = some();
        dispatch(tr.split(at));
        return [`split at ${String(at)}`, false];
      }
      case 8:
      case 9: {
        const joinable = blocks.filter((at) => {
          const place = doc.resolve(at);
          return place.nodeBefore?.isTextblock && place.nodeAfter?.isTextblock;
        });
        const at = joinable[this.#below(joinable.length)];
        if (at === undefined) return ['nothing to join', false];
        dispatch(tr.join(at));
        return [`join at ${String(at)}`, false];
      }
      case 10: {
        if (!node.isTextblock) return ['no kind to change', false];
        const kind = TEXT_KINDS[this.#below(TEXT_KINDS.length)];
        dispatch(tr.setNodeAttribute(block, 'kind', kind).setNodeAttribute(block, 'level', 1 + this.#below(3)));
        return [`retype ${String(block)} to ${String(kind)}`, false];
      }
      case 11: {
        if (!node.isTextblock) return ['no markup to change', false];
        dispatch(tr.setNodeMarkup(block, null, { ...node.attrs, kind: 'check', checked: this.#random() < 0.5 }));
        return [`node markup of ${String(block)}`, false];
      }
      case 12: {
        dispatch(tr.setNodeAttribute(block, 'indent', this.#below(4)));
        return [`indent ${String(block)}`, false];
      }
      case 13: {
        const [from, to] = range();
        const mark = [pageSchema.marks.bold.create(), pageSchema.marks.link.create({ href: 'page:x' })][
          this.#below(2)
        ]!;
        dispatch(this.#random() < 0.6 ? tr.addMark(from, to, mark) : tr.removeMark(from, to, mark));
        return [`format ${String(from)}-${String(to)}`, false];
      }
      case 14: {
        const [from, to] = near();
        dispatch(tr.delete(from, to));
        return [`delete ${String(from)}-${String(to)}`, true];
      }
      case 15: {
        const [from, to] = this.#random() < 0.3 ? range() : near();
        dispatch(tr.deleteRange(from, to));
        return [`delete range ${String(from)}-${String(to)}`, true];
      }
      case 16: {
        if (doc.childCount === 1) return ['the last block stays', false];
        dispatch(tr.delete(block, block + node.nodeSize));
        return [`delete block ${String(block)}`, true];
      }
      case 17: {
        const content = [this.#textNode(2), null, this.#textNode(1)].map((text) =>
          text ? pageSchema.nodes.block.create({ kind: 'bullet' }, text) : pageSchema.nodes.divider.create(),
        );
        const [from, to] = near();
        dispatch(tr.replace(from, to, new Slice(Fragment.from(content), 1, 1)));
        return [`paste over ${String(from)}-${String(to)}`, true];
      }
      case 18: {
        const what = this.#random() < 0.5 ? pageSchema.nodes.divider.create() : this.#block();
        dispatch(tr.insert(block, what));
        return [`insert ${what.type.name} at ${String(block)}`, false];
      }
      case 19:
      case 20: {
        const from = this.#below(doc.childCount);
        const count = 1 + this.#below(2);
        const ids = doc.content.content.slice(from, from + count).map((child) => String(child.attrs['id']));
        const target = this.#below(doc.childCount + 1);
        editor.binding.move(ids, target);
        const children = doc.content.content;
        const moves = (index: number): boolean => index >= from && index < from + count;
        const order = [
          ...children.filter((_, index) => index < target && !moves(index)),
          ...children.filter((_, index) => moves(index)),
          ...children.filter((_, index) => index >= target && !moves(index)),
        ];
        const wanted = shapeOf(pageSchema.nodes.doc.create(null, order));
        if (shapeOf(editor.state.doc) !== wanted) {
          throw new Error(`the move came out otherwise\nwanted ${wanted}\nis     ${shapeOf(editor.state.doc)}`);
        }
        return [`move ${ids.join(' ')} to ${String(target)}`, false];
      }
      default: {
        if (doc.childCount === 1) return ['nothing to drag', false];
        const target = blocks[this.#below(blocks.length)] ?? 0;
        const transaction = tr.delete(block, block + node.nodeSize);
        dispatch(transaction.insert(transaction.mapping.map(target), node));
        return [`drag ${String(block)} to ${String(target)}`, false];
      }
    }
  }

  #textNode(length: number): Node | null {
    const text = this.#text(length);
    return text ? pageSchema.text(text) : null;
  }

  #block(): Node {
    return pageSchema.nodes.block.create({ kind: 'quote' }, this.#textNode(2));
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
  // Block ids are random; here they come from the seed as well, so that a run can be repeated.
  const random = randomOf(options.seed + 1e6);
  const real = crypto.getRandomValues.bind(crypto);
  const seeded = (bytes: Uint8Array): Uint8Array => bytes.map(() => Math.floor(random() * 256));
  crypto.getRandomValues = ((bytes: Uint8Array) => {
    bytes.set(seeded(bytes));
    return bytes;
  }) as typeof crypto.getRandomValues;
  try {
    return new Run(options).run();
  } finally {
    crypto.getRandomValues = real;
  }
}

/** A document without ids, and with the attributes that count for each kind, one line a block. */
function shapeOf(doc: Node): string {
  const blocks = doc.content.content.map((node) => {
    const { indent, level, checked } = attributesFor(
      String(node.attrs['kind']),
      node.attrs as Partial<BlockAttributes>,
    );
    let content = '';
    node.forEach((inline) => {
      const marks = inline.marks.map((mark) => mark.type.name.charAt(0)).join('');
      content += ` ${marks}(${[...(inline.text ?? '?')].map((letter) => code(letter).slice(1)).join(' ')})`;
    });
    const kind = String(node.attrs['kind'] ?? node.type.name);
    return `${kind} ${String(indent)} ${String(level)} ${String(checked)}:${content}`;
  });
  return `\n  ${blocks.join('\n  ')}`;
}

function holdsUnknown(doc: Node): boolean {
  let found = false;
  doc.descendants((node) => {
    if (node.type.name.startsWith('unknown')) found = true;
  });
  return found;
}

function code(character: string): string {
  return character.charCodeAt(0).toString(16);
}

/** How often each typed character stands in the stored text. */
function charactersOf({ editor }: Replica): Map<string, number> {
  const counts = new Map<string, number>();
  for (const character of editor.binding.body.toString()) {
    const point = character.charCodeAt(0);
    if (point < FIRST_CHARACTER || point > LAST_CHARACTER) continue;
    counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return counts;
}

function textPositions(doc: Node): number[] {
  const positions: number[] = [];
  doc.forEach((node, offset) => {
    if (!node.isTextblock) return;
    for (let at = 0; at <= node.content.size; at += 1) positions.push(offset + 1 + at);
  });
  return positions;
}

function blockPositions(doc: Node): number[] {
  const positions: number[] = [];
  doc.forEach((_, offset) => positions.push(offset));
  return positions;
}
