// Random edits of a page, as its editor makes them; each typed character is unique. Who judges the outcome is elsewhere.
import { Fragment, Slice, type Node } from 'prosemirror-model';
import { TextSelection, type Transaction } from 'prosemirror-state';
import type { BoundState } from '../../app/renderer/editor/binding/bound-state.ts';
import { pageSchema } from '../../app/renderer/editor/schema.ts';
import { newAtom } from '../../app/renderer/editor/commands/new-blocks.ts';
import { ATOM_KINDS, TEXT_KINDS, type BlockAttributes, type NewAtom } from '../../shared/model/page/block.ts';
import { attributesFor } from '../../shared/model/page/marker.ts';
import { code, memberOf } from './typed-characters.ts';

export interface EditSource {
  /** From 0 to 1, from the seed. */
  random(): number;
  /** Text that was never typed before; shorter, or '', when there is none left. */
  text(length: number): string;
  log(line: string): void;
  /** Whether there are inline things and blocks without text, too. */
  readonly rich?: boolean;
}

/** One random edit: what it was, and whether it may take text away. Throws when the editor made something else of it. */
export function randomEdit(editor: BoundState, source: EditSource): [name: string, mayDelete: boolean] {
  const below = (limit: number): number => Math.floor(source.random() * limit);
  const textNode = (length: number): Node | null => {
    const text = source.text(length);
    return text ? pageSchema.text(text) : null;
  };
  const { doc, tr } = editor.state;
  const positions = textPositions(doc);
  const some = (): number => positions[below(positions.length)] ?? 1;
  const range = (): [number, number] => {
    const [a, b] = [some(), some()];
    return a < b ? [a, b] : [b, a];
  };
  const near = (): [number, number] => {
    const at = below(positions.length);
    const from = positions[at] ?? 1;
    return [from, positions[Math.min(positions.length - 1, at + below(8))] ?? from];
  };
  const blocks = blockPositions(doc);
  const block = blocks[below(blocks.length)] ?? 0;
  const node = doc.nodeAt(block)!;
  const dispatch = (transaction: Transaction): void => {
    const wanted = transaction.doc;
    editor.dispatch(transaction);
    // What the editor did is what the stored form holds now, but for what it may not delete.
    if (!holdsUnknown(doc) && shapeOf(editor.state.doc) !== shapeOf(wanted)) {
      source.log(
        `edit ${JSON.stringify(transaction.steps)} on${shapeOf(doc)}\n${JSON.stringify(editor.binding.body.toDelta())}`,
      );
      throw new Error(`the edit came out otherwise\nwanted ${shapeOf(wanted)}\nis     ${shapeOf(editor.state.doc)}`);
    }
  };
  if (positions.length === 0) {
    dispatch(tr.insert(0, pageSchema.nodes.block.create(null, textNode(1))));
    return ['insert into a page without text', false];
  }
  const choice = below(source.rich ? 27 : 22);
  switch (choice) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: {
      const at = some();
      dispatch(tr.setSelection(TextSelection.create(doc, at)).insertText(source.text(1 + below(3)), at));
      return [`type at ${String(at)}`, false];
    }
    case 5: {
      const [from, to] = near();
      dispatch(tr.insertText(source.text(2), from, to));
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
      const at = joinable[below(joinable.length)];
      if (at === undefined) return ['nothing to join', false];
      dispatch(tr.join(at));
      return [`join at ${String(at)}`, false];
    }
    case 10: {
      if (!node.isTextblock) return ['no kind to change', false];
      const kind = TEXT_KINDS[below(TEXT_KINDS.length)];
      dispatch(tr.setNodeAttribute(block, 'kind', kind).setNodeAttribute(block, 'level', 1 + below(3)));
      return [`retype ${String(block)} to ${String(kind)}`, false];
    }
    case 11: {
      if (!node.isTextblock) return ['no markup to change', false];
      dispatch(tr.setNodeMarkup(block, null, { ...node.attrs, kind: 'check', checked: source.random() < 0.5 }));
      return [`node markup of ${String(block)}`, false];
    }
    case 12: {
      dispatch(tr.setNodeAttribute(block, 'indent', below(4)));
      return [`indent ${String(block)}`, false];
    }
    case 13: {
      const [from, to] = range();
      const mark = [pageSchema.marks.bold.create(), pageSchema.marks.link.create({ href: 'page:x' })][below(2)]!;
      dispatch(source.random() < 0.6 ? tr.addMark(from, to, mark) : tr.removeMark(from, to, mark));
      return [`format ${String(from)}-${String(to)}`, false];
    }
    case 14: {
      const [from, to] = near();
      dispatch(tr.delete(from, to));
      return [`delete ${String(from)}-${String(to)}`, true];
    }
    case 15: {
      const [from, to] = source.random() < 0.3 ? range() : near();
      dispatch(tr.deleteRange(from, to));
      return [`delete range ${String(from)}-${String(to)}`, true];
    }
    case 16: {
      if (doc.childCount === 1) return ['the last block stays', false];
      dispatch(tr.delete(block, block + node.nodeSize));
      return [`delete block ${String(block)}`, true];
    }
    case 17: {
      const content = [textNode(2), null, textNode(1)].map((text) =>
        text ? pageSchema.nodes.block.create({ kind: 'bullet' }, text) : pageSchema.nodes.divider.create(),
      );
      const [from, to] = near();
      dispatch(tr.replace(from, to, new Slice(Fragment.from(content), 1, 1)));
      return [`paste over ${String(from)}-${String(to)}`, true];
    }
    case 18: {
      const what =
        source.random() < 0.5
          ? pageSchema.nodes.divider.create()
          : pageSchema.nodes.block.create({ kind: 'quote' }, textNode(2));
      dispatch(tr.insert(block, what));
      return [`insert ${what.type.name} at ${String(block)}`, false];
    }
    case 19:
    case 20: {
      const from = below(doc.childCount);
      const count = 1 + below(2);
      const ids = doc.content.content.slice(from, from + count).map((child) => String(child.attrs['id']));
      const target = below(doc.childCount + 1);
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
    case 22:
    case 23: {
      const at = some();
      const name = source.text(1);
      if (name) dispatch(tr.insert(at, mention(name)));
      return [`mention at ${String(at)}`, false];
    }
    case 24: {
      const [from, to] = near();
      const name = source.text(1);
      if (name) dispatch(tr.replaceWith(from, to, [mention(name)]));
      return [`mention over ${String(from)}-${String(to)}`, true];
    }
    case 25: {
      const kind = ATOM_KINDS[below(ATOM_KINDS.length)] ?? 'divider';
      const props = { blob: 'ab'.repeat(32), size: 7 };
      dispatch(tr.insert(block, newAtom(pageSchema, { type: 'atom', kind, props } as NewAtom)));
      return [`insert ${kind} at ${String(block)}`, false];
    }
    case 26: {
      const image = blocks.find((at) => doc.nodeAt(at)?.type === pageSchema.nodes.image);
      if (image === undefined) return ['no picture', false];
      const pixels = [1 + below(9), 5];
      dispatch(tr.setNodeAttribute(image, 'width', 100 + below(5)).setNodeAttribute(image, 'pixels', pixels));
      return [`resize ${String(image)}`, false];
    }
    default: {
      if (doc.childCount === 1) return ['nothing to drag', false];
      const target = blocks[below(blocks.length)] ?? 0;
      const transaction = tr.delete(block, block + node.nodeSize);
      dispatch(transaction.insert(transaction.mapping.map(target), node));
      return [`drag ${String(block)} to ${String(target)}`, false];
    }
  }
}

function mention(name: string): Node {
  return pageSchema.nodes.mention.create({ member: memberOf(name) });
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
      // Marks of inline things are not kept.
      const marks = inline.isText ? inline.marks.map((mark) => mark.type.name.charAt(0)).join('') : '';
      content += ` ${marks}(${[...(inline.text ?? `?${String(inline.attrs['member'])}`)].map((letter) => code(letter).slice(1)).join(' ')})`;
    });
    const kind = String(node.attrs['kind'] ?? node.type.name);
    const props = [node.attrs['width'], node.attrs['pixels'], node.attrs['size']].map((prop) => JSON.stringify(prop));
    return `${kind} ${String(indent)} ${String(level)} ${String(checked)} ${props.join(' ')}:${content}`;
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
