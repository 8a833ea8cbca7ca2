// Putting new blocks where the selection is: plain inserts, one split at most, and the block that stands there keeps its id.
import { Fragment, Slice, type Node } from 'prosemirror-model';
import { Selection, TextSelection, type EditorState, type Transaction } from 'prosemirror-state';
import { withoutEmbeds } from '../../../../shared/model/markdown/embeds.ts';
import { askText } from '../../../../shared/model/page/ask.ts';
import type { NewAtom, NewBlock } from '../../../../shared/model/page/block.ts';
import { blockAt, indentOf, isText, isVerbatim, kindOf, type PlacedBlock } from '../blocks.ts';
import { retype } from '../commands/kinds.ts';
import { newTextBlock, nodesOf } from '../commands/new-blocks.ts';

/** Whether the first and the last of the blocks are parts of a line that continue what stands around them. */
export interface Openness {
  readonly start: boolean;
  readonly end: boolean;
}

/** Paragraphs from elsewhere continue the line that they are pasted into. */
export function foreignOpenness(blocks: readonly NewBlock[]): Openness {
  const plain = (block: NewBlock | undefined): boolean => block?.type === 'text' && block.kind === 'paragraph';
  return { start: plain(blocks.at(0)), end: plain(blocks.at(-1)) };
}

/** Replaces the selection by the blocks; the caret stands behind them. Null when there is nothing to insert. */
export function insertBlocks(state: EditorState, blocks: readonly NewBlock[], open: Openness): Transaction | null {
  if (blocks.length === 0) return null;
  const { tr, schema } = state;
  tr.deleteSelection();
  const { $from } = tr.selection;
  const block = $from.depth === 1 && isText($from.parent) ? blockAt(tr.doc, $from.before(1)) : null;
  if (!block) {
    const nodes = nodesOf(schema, blocks);
    const at = tr.selection.to;
    tr.insert(at, Fragment.fromArray(nodes));
    return caretAt(tr, at + sizeOf(nodes));
  }
  if (isVerbatim(block.node)) return tr.insertText(plainTextOf(blocks));
  const nodes = nodesOf(schema, blocks, indentOf(block.node));
  const first = nodes.at(0);
  if (nodes.length === 1 && open.start && first && isText(first)) {
    tr.insert($from.pos, first.content);
    return caretAt(tr, $from.pos + first.content.size);
  }
  if (block.node.content.size === 0 && kindOf(block.node) === 'paragraph') return fillEmpty(tr, block, nodes);
  return insertInto(tr, block, $from.pos, nodes, open);
}

/** An empty paragraph becomes the first of the blocks, by its attributes. */
function fillEmpty(tr: Transaction, block: PlacedBlock, nodes: readonly Node[]): Transaction {
  const first = nodes.at(0);
  if (!first || !isText(first)) {
    tr.insert(block.pos, Fragment.fromArray([...nodes]));
    return caretAt(tr, block.pos + sizeOf(nodes) + 1);
  }
  tr.insert(block.pos + 1, first.content);
  retype(tr, block, { kind: 'paragraph' });
  for (const name of ['kind', 'level', 'checked', 'language', 'indent']) {
    if (block.node.attrs[name] !== first.attrs[name]) tr.setNodeAttribute(block.pos, name, first.attrs[name]);
  }
  const behind = block.pos + 2 + first.content.size;
  tr.insert(behind, Fragment.fromArray(nodes.slice(1)));
  return caretAt(tr, behind + sizeOf(nodes.slice(1)) - 1);
}

function insertInto(
  tr: Transaction,
  block: PlacedBlock,
  at: number,
  all: readonly Node[],
  open: Openness,
): Transaction {
  const first = all.at(0);
  const joinsStart = open.start && first !== undefined && isText(first);
  const lead = joinsStart ? first.content : Fragment.empty;
  const nodes = joinsStart ? all.slice(1) : [...all];
  const offset = at - block.pos - 1;
  if (offset === block.node.content.size || (offset === 0 && lead.size === 0)) {
    // At an end nothing has to be split.
    tr.insert(at, lead);
    const between = offset === 0 ? block.pos : block.pos + 2 + offset + lead.size;
    tr.insert(between, Fragment.fromArray(nodes));
    return caretAt(tr, between + sizeOf(nodes) - 1);
  }
  const last = nodes.at(-1);
  const joinsEnd = open.end && last !== undefined && isText(last);
  const tail = joinsEnd ? last.content : Fragment.empty;
  const middle = joinsEnd ? nodes.slice(0, -1) : nodes;
  const { kind, indent } = block.node.attrs;
  const content = Fragment.fromArray([
    block.node.type.create(block.node.attrs, lead),
    ...middle,
    newTextBlock(block.node.type.schema, { kind: kind === 'heading' ? 'paragraph' : kind, indent }, tail),
  ]);
  tr.replace(at, at, new Slice(content, 1, 1));
  const start = at + lead.size + 1 + sizeOf(middle);
  return caretAt(tr, joinsEnd ? start + 1 + tail.size : start - 1);
}

function caretAt(tr: Transaction, pos: number): Transaction {
  const $pos = tr.doc.resolve(Math.min(Math.max(0, pos), tr.doc.content.size));
  const selection = $pos.parent.isTextblock ? TextSelection.create(tr.doc, $pos.pos) : Selection.near($pos, -1);
  return tr.setSelection(selection).scrollIntoView();
}

function sizeOf(nodes: readonly Node[]): number {
  return nodes.reduce((size, node) => size + node.nodeSize, 0);
}

/** What a block without text is in plain text: the name of its file, what it asks, or a line. */
function atomText(block: NewAtom): string {
  if ((block.kind === 'poll' || block.kind === 'done') && block.props?.ask) return askText(block.props.ask);
  return (block.kind === 'image' || block.kind === 'file') && block.props?.name ? block.props.name : '---';
}

/** The blocks' bare text, a line each. */
export function plainTextOf(blocks: readonly NewBlock[]): string {
  return blocks
    .map((block) =>
      block.type === 'atom'
        ? atomText(block)
        : withoutEmbeds(block.content)
            .map((run) => run.text)
            .join(''),
    )
    .join('\n');
}
