// Building editor nodes for blocks that do not exist yet, each with a fresh id; it places nothing in a document.
import { Fragment, Slice, type Mark, type Node, type Schema } from 'prosemirror-model';
import { readAtomProps } from '../../../../shared/model/page/atom-props.ts';
import { EMPTY_TABLE } from '../../../../shared/model/page/table.ts';
import type { Marks, NewAtom, NewBlock, NewInline, NewTable } from '../../../../shared/model/page/block.ts';
import { MAX_INDENT } from '../../../../shared/model/page/block.ts';
import { AppError } from '../../../../shared/base/app-error.ts';
import { randomId } from '../../../../shared/base/random-id.ts';
import { safeHref } from '../links.ts';

function typeOf(schema: Schema, name: string): Schema['topNodeType'] {
  const type = schema.nodes[name];
  if (!type) throw new AppError('internal', `The editor has no node named ${name}. Nothing was changed.`);
  return type;
}

/** A text block; attributes that are not given have their defaults. */
export function newTextBlock(
  schema: Schema,
  attributes: Readonly<Record<string, unknown>>,
  content: Fragment | readonly Node[] = [],
): Node {
  const inner = content instanceof Fragment ? content : Fragment.fromArray([...content]);
  return typeOf(schema, 'block').create({ kind: 'paragraph', ...attributes, id: randomId() }, inner);
}

export function newDivider(schema: Schema, indent: number): Node {
  return newAtom(schema, { type: 'atom', kind: 'divider', indent });
}

/** A block without text of its own, under a fresh id. */
export function newAtom(schema: Schema, atom: NewAtom): Node {
  const given = { ...atom.props } as Readonly<Record<string, unknown>>;
  const props = readAtomProps(atom.kind, (name) => given[name]);
  return typeOf(schema, atom.kind).create({ ...props, indent: atom.indent ?? 0, id: randomId() });
}

/** A table, under a fresh id. */
export function newTable(schema: Schema, indent: number, table: NewTable = EMPTY_TABLE): Node {
  return newAtom(schema, { type: 'atom', kind: 'table', indent, props: { table } });
}

/** The blocks as nodes. Ids that they carry are not used: what is inserted is new. */
export function nodesOf(schema: Schema, blocks: readonly NewBlock[], baseIndent = 0): Node[] {
  return blocks.map((block) => {
    const indent = Math.min(MAX_INDENT, baseIndent + (block.indent ?? 0));
    if (block.type === 'atom') return newAtom(schema, { ...block, indent });
    const { kind, level = 1, checked = false, language = '' } = block;
    return newTextBlock(schema, { kind, indent, level, checked, language }, inlineOf(schema, block.content));
  });
}

/** The blocks as a slice to insert at the selection: its first and last text join what stands there. */
export function sliceOf(schema: Schema, blocks: readonly NewBlock[], baseIndent = 0): Slice {
  const nodes = nodesOf(schema, blocks, baseIndent);
  const first = nodes.at(0);
  if (!first) return Slice.empty;
  const only = nodes.length === 1 && first.isTextblock && first.attrs.kind === 'paragraph';
  return new Slice(Fragment.fromArray(nodes), only ? 1 : 0, only ? 1 : 0);
}

/** Inline content as nodes, with unsafe links left out and empty runs dropped. */
export function inlineOf(schema: Schema, content: readonly NewInline[]): Node[] {
  return content.flatMap((inline) => {
    if (inline.type !== 'text') return [typeOf(schema, inline.type).create({ ...inline })];
    return inline.text === '' ? [] : [schema.text(inline.text, marksOf(schema, inline.marks))];
  });
}

function marksOf(schema: Schema, marks: Marks): Mark[] {
  const found: Mark[] = [];
  for (const name of ['bold', 'italic', 'code', 'strike', 'highlight'] as const) {
    const type = schema.marks[name];
    if (marks[name] === true && type) found.push(type.create());
  }
  const href = safeHref(marks.link);
  const link = schema.marks.link;
  if (href !== null && link) found.push(link.create({ href }));
  return found;
}
