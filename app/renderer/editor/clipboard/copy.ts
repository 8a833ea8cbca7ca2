// What a copied selection says to other programs: Markdown-like text, and HTML with real lists. It reads slices only.
import { storedAtomProps } from '../../../../shared/model/page/atom-props.ts';
import { isAtomKind } from '../../../../shared/model/page/marker.ts';
import type { AtomKind, Embed } from '../../../../shared/model/page/block.ts';
import { embedOf } from '../binding/nodes.ts';
import {
  DOMSerializer,
  type DOMOutputSpec,
  type Fragment,
  type Node,
  type Schema,
  type Slice,
} from 'prosemirror-model';
import { indentOf, isText, kindOf } from '../blocks.ts';
import { TOGGLE_SIGN } from '../../../../shared/model/markdown/read-inline.ts';
import { orderedNumbers } from '../numbering.ts';
import { safeHref } from '../links.ts';
import { askText } from '../../../../shared/model/page/ask.ts';
import { readNewAsk } from '../../../../shared/model/page/new-ask.ts';
import { readNewTable } from '../../../../shared/model/page/new-table.ts';
import { tableElement, toTabs } from '../table/table-text.ts';

/** What an inline thing says in text. */
export type EmbedText = (embed: Embed) => string;

/** The slice as text: bare for a piece of one block, Markdown for several blocks. */
export function textOfSlice(slice: Slice, schema: Schema, embedText: EmbedText): string {
  const only = slice.content.childCount === 1 ? slice.content.firstChild : null;
  if (only && slice.openStart > 0) return bareText(only, embedText);
  if (slice.content.firstChild?.isInline) return bareText(slice.content, embedText);
  const page = schema.topNodeType.create(null, slice.content);
  const numbers = orderedNumbers(page);
  const lines: string[] = [];
  let before: Node | null = null;
  page.forEach((node, _offset, index) => {
    if (before && !(isListLike(before) && isListLike(node))) lines.push('');
    lines.push(blockText(node, numbers.get(index) ?? 1, embedText));
    before = node;
  });
  return lines.join('\n');
}

function isListLike(node: Node): boolean {
  return ['bullet', 'ordered', 'check', 'toggle'].includes(kindOf(node));
}

function bareText(parent: Node | Fragment, embedText: EmbedText): string {
  let text = '';
  parent.forEach((child) => {
    const embed = embedOf(child);
    text += embed ? embedText(embed) : (child.text ?? '');
  });
  return text;
}

function blockText(node: Node, number: number, embedText: EmbedText): string {
  const lead = '  '.repeat(indentOf(node));
  if (node.type.name === 'divider') return `${lead}---`;
  if (!isText(node)) return bareAtom(node);
  const inline = inlineText(node, embedText);
  switch (kindOf(node)) {
    case 'heading':
      return `${'#'.repeat(Number(node.attrs.level))} ${inline}`;
    case 'bullet':
      return `${lead}- ${inline}`;
    case 'toggle':
      return `${lead}- ${TOGGLE_SIGN} ${inline}`;
    case 'ordered':
      return `${lead}${String(number)}. ${inline}`;
    case 'check':
      return `${lead}- [${node.attrs.checked ? 'x' : ' '}] ${inline}`;
    case 'quote':
    case 'callout':
      return inline
        .split('\n')
        .map((line) => `${lead}> ${line}`)
        .join('\n');
    case 'code':
      return `\`\`\`${String(node.attrs.language)}\n${bareText(node, embedText)}\n\`\`\``;
    case 'raw':
      return bareText(node, embedText);
    default:
      return `${lead}${inline}`;
  }
}

const DELIMITERS: readonly (readonly [string, string])[] = [
  ['highlight', '=='],
  ['strike', '~~'],
  ['bold', '**'],
  ['italic', '*'],
  ['code', '`'],
];

/** What a block without text says: a table its cells, what this version does not know its text, a picture or a file its name. */
function bareAtom(node: Node): string {
  const table = readNewTable(node.attrs.table);
  if (table) return toTabs(table.rows);
  const ask = readNewAsk(node.attrs.ask);
  if (ask) return askText(ask);
  const { text, alt, name } = node.attrs as Readonly<Record<string, unknown>>;
  const words = [text, alt, name].find((word) => typeof word === 'string' && word !== '');
  return typeof words === 'string' ? words : '';
}

function inlineText(node: Node, embedText: EmbedText): string {
  let text = '';
  node.forEach((child) => {
    const embed = embedOf(child);
    let piece = embed ? embedText(embed) : (child.text ?? '');
    const names = new Set(child.marks.map((mark) => mark.type.name));
    for (const [name, sign] of DELIMITERS.toReversed()) if (names.has(name)) piece = `${sign}${piece}${sign}`;
    const href = safeHref(child.marks.find((mark) => mark.type.name === 'link')?.attrs.href);
    text += href === null ? piece : `[${piece}](${href})`;
  });
  return text;
}

const LIST_TAGS: Readonly<Record<string, string>> = { bullet: 'ul', ordered: 'ol', check: 'ul', toggle: 'ul' };

/** Writes copied blocks as HTML that other programs understand; `data-` attributes bring them back unchanged here. */
export class ClipboardSerializer extends DOMSerializer {
  override serializeFragment(
    fragment: Fragment,
    options: { document?: Document } = {},
    target?: HTMLElement | DocumentFragment,
  ): HTMLElement | DocumentFragment {
    if (fragment.firstChild?.isInline) return super.serializeFragment(fragment, options, target);
    const doc = options.document ?? document;
    const out = target ?? doc.createDocumentFragment();
    // lists[n] is the list that is open n levels deep.
    let lists: HTMLElement[] = [];
    fragment.forEach((node) => {
      const tag = isText(node) ? LIST_TAGS[kindOf(node)] : undefined;
      const block = this.#block(node, tag, doc);
      if (!tag) {
        lists = [];
        out.append(block);
        return;
      }
      const depth = Math.min(indentOf(node), lists.length);
      lists = lists.slice(0, depth + 1);
      let list = lists[depth];
      if (list?.nodeName.toLowerCase() !== tag) {
        list = doc.createElement(tag);
        (lists[depth - 1]?.lastElementChild ?? out).append(list);
        lists[depth] = list;
      }
      list.append(block);
    });
    return out;
  }

  #block(node: Node, listTag: string | undefined, doc: Document): HTMLElement {
    if (node.type.name === 'divider') return doc.createElement('hr');
    if (isAtomKind(node.type.name)) return atomElement(node, node.type.name, doc);
    const kind = kindOf(node);
    const element = doc.createElement(listTag ? 'li' : tagOf(node));
    if (!isText(node)) {
      element.textContent = typeof node.attrs.text === 'string' ? node.attrs.text : '';
      return element;
    }
    element.setAttribute('data-kind', kind);
    if (indentOf(node) > 0) element.setAttribute('data-indent', String(indentOf(node)));
    if (kind === 'heading') element.setAttribute('data-level', String(node.attrs.level));
    if (kind === 'code') element.setAttribute('data-language', String(node.attrs.language));
    if (kind === 'check') element.setAttribute('data-checked', String(node.attrs.checked));
    super.serializeFragment(node.content, { document: doc }, element);
    return element;
  }
}

/** A block without text: its props come back here, other programs see its name. Nothing is loaded from it. */
function atomElement(node: Node, kind: AtomKind, doc: Document): HTMLElement {
  const table = kind === 'table' ? readNewTable(node.attrs.table) : null;
  const element = table ? tableElement(table, doc) : doc.createElement('p');
  element.setAttribute('data-kind', kind);
  element.setAttribute('data-props', JSON.stringify(storedAtomProps(kind, node.attrs)));
  if (indentOf(node) > 0) element.setAttribute('data-indent', String(indentOf(node)));
  if (!table) element.textContent = bareAtom(node);
  return element;
}

/** An inline thing says what it shows, and comes back here as what it is. */
function embedElement(embed: Embed, embedText: EmbedText): DOMOutputSpec {
  return ['span', { 'data-embed': JSON.stringify(embed) }, embedText(embed)];
}

function tagOf(node: Node): string {
  switch (kindOf(node)) {
    case 'heading':
      return `h${String(node.attrs.level)}`;
    case 'quote':
    case 'callout':
      return 'blockquote';
    case 'code':
    case 'raw':
      return 'pre';
    default:
      return 'p';
  }
}

/** The serializer for a schema's own marks. */
export function clipboardSerializer(schema: Schema, embedText: EmbedText): ClipboardSerializer {
  const nodes = DOMSerializer.nodesFromSchema(schema);
  for (const [name, bare] of Object.entries(nodes)) {
    nodes[name] = (node) => {
      const embed = embedOf(node);
      return embed ? embedElement(embed, embedText) : bare(node);
    };
  }
  return new ClipboardSerializer(nodes, DOMSerializer.marksFromSchema(schema));
}
