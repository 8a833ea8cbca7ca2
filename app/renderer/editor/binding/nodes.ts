// Blocks of the model as nodes of the editor. One direction only: what the editor does goes through steps.
import type { Mark, Node } from 'prosemirror-model';
import type { Block, Embed, Inline, Marks } from '../../../../shared/model/page/block.ts';
import { isAskKind } from '../../../../shared/model/page/ask.ts';
import { createCheckBox } from '../../../../shared/model/page/check-box.ts';
import { readEmbed } from '../../../../shared/model/page/embeds.ts';
import { START_ID } from '../../../../shared/model/page/view-blocks.ts';
import { pageSchema } from '../schema.ts';

const { nodes, marks: markTypes } = pageSchema;

/** The editor's document for blocks; without any it has one empty paragraph that is not stored. */
export function docFromBlocks(blocks: readonly Block[]): Node {
  return nodes.doc.create(null, blocks.length > 0 ? blocks.map(nodeOf) : [nodes.block.create({ id: START_ID })]);
}

export function nodeOf(block: Block): Node {
  const { id, kind, indent } = block;
  // The views of tables and polls read inside the marker themselves: that is no part of the document.
  if (block.type === 'atom' && (block.kind === 'table' || isAskKind(block.kind))) {
    return nodes[block.kind].create({ id, indent });
  }
  if (block.type === 'atom') return nodes[block.kind].create({ id, indent, ...block.props });
  if (block.type === 'unknown') return nodes.unknown.create({ id, kind, indent, text: block.text });
  const { level, checked, language } = block;
  return nodes.block.create({ id, kind, indent, level, checked, language }, block.content.map(inlineNode));
}

export function inlineNode(inline: Inline): Node {
  if (inline.type === 'text') return pageSchema.text(inline.text, editorMarks(inline.marks));
  return inline.type === 'unknown' ? nodes.unknownInline.create() : nodes[inline.type].create({ ...inline });
}

/** What an inline node is stored as, be it an embed or a box to tick; null for text and for what this version does not know. */
export function storedInline(node: Node): object | null {
  return node.type === nodes.check ? createCheckBox(node.attrs['checked'] === true) : embedOf(node);
}

/** The embed that an inline node shows; null for text and for what this version does not know. */
export function embedOf(node: Node): Embed | null {
  return node.isInline && !node.isText ? readEmbed({ ...node.attrs, type: node.type.name }) : null;
}

function editorMarks(marks: Marks): Mark[] {
  const result: Mark[] = [];
  if (marks.link !== undefined) result.push(markTypes.link.create({ href: marks.link }));
  if (marks.bold) result.push(markTypes.bold.create());
  if (marks.italic) result.push(markTypes.italic.create());
  if (marks.strike) result.push(markTypes.strike.create());
  if (marks.highlight) result.push(markTypes.highlight.create());
  if (marks.code) result.push(markTypes.code.create());
  return result;
}

/** A mark as the text attribute it is stored as. */
export function storedMark(mark: Mark): [key: string, value: true | string] {
  return mark.type === markTypes.link ? ['link', String(mark.attrs['href'])] : [mark.type.name, true];
}
