// Editor nodes as blocks to be written elsewhere. What only its stored form holds whole has no copy.
import type { Node } from 'prosemirror-model';
import type { Marks, NewBlock, NewInline, TextKind } from '../../../shared/model/page/block.ts';
import { isAskKind } from '../../../shared/model/page/ask.ts';
import { readAtomProps } from '../../../shared/model/page/atom-props.ts';
import { isAtomKind } from '../../../shared/model/page/marker.ts';
import { embedOf, storedMark } from './binding/nodes.ts';
import { indentOf, isText, kindOf } from './blocks.ts';

/** The blocks, the least indented at the margin; null when one of them can only be kept where it is: an unknown thing, a table, a poll whose votes may still arrive. */
export function clonedBlocks(nodes: readonly Node[]): NewBlock[] | null {
  const least = Math.min(...nodes.map(indentOf));
  const blocks: NewBlock[] = [];
  for (const node of nodes) {
    const block = clonedBlock(node, indentOf(node) - least);
    if (!block) return null;
    blocks.push(block);
  }
  return blocks;
}

function clonedBlock(node: Node, indent: number): NewBlock | null {
  const name = node.type.name;
  if (isAtomKind(name)) {
    if (name === 'table' || isAskKind(name)) return null;
    return { type: 'atom', kind: name, indent, props: readAtomProps(name, (prop) => node.attrs[prop]) } as NewBlock;
  }
  if (!isText(node)) return null;
  const content: NewInline[] = [];
  for (const inline of node.content.content) {
    const embed = embedOf(inline);
    if (embed) content.push(embed);
    else if (inline.text === undefined) return null;
    else {
      const marks = Object.fromEntries(inline.marks.map(storedMark)) as Marks;
      content.push({ type: 'text', text: inline.text, marks });
    }
  }
  const { level, checked, language } = node.attrs as { level: number; checked: boolean; language: string };
  return { type: 'text', kind: kindOf(node) as TextKind, indent, level, checked, language, content };
}
