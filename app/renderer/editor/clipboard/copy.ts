// What a copied selection says to other programs: Markdown-like text, and HTML with real lists. It reads slices only.
import { DOMSerializer, type Fragment, type Node, type Schema, type Slice } from 'prosemirror-model';
import { indentOf, isText, kindOf } from '../blocks.ts';
import { orderedNumbers } from '../numbering.ts';
import { safeHref } from '../links.ts';

/** The slice as text: bare for a piece of one block, Markdown for several blocks. */
export function textOfSlice(slice: Slice, schema: Schema): string {
  const only = slice.content.childCount === 1 ? slice.content.firstChild : null;
  if (only && slice.openStart > 0) return only.textContent;
  const page = schema.topNodeType.create(null, slice.content);
  const numbers = orderedNumbers(page);
  const lines: string[] = [];
  let before: Node | null = null;
  page.forEach((node, _offset, index) => {
    if (before && !(isListLike(before) && isListLike(node))) lines.push('');
    lines.push(blockText(node, numbers.get(index) ?? 1));
    before = node;
  });
  return lines.join('\n');
}

function isListLike(node: Node): boolean {
  return ['bullet', 'ordered', 'check'].includes(kindOf(node));
}

function blockText(node: Node, number: number): string {
  const lead = '  '.repeat(indentOf(node));
  if (node.type.name === 'divider') return `${lead}---`;
  if (!isText(node)) return typeof node.attrs.text === 'string' ? node.attrs.text : '';
  const inline = inlineText(node);
  switch (kindOf(node)) {
    case 'heading':
      return `${'#'.repeat(Number(node.attrs.level))} ${inline}`;
    case 'bullet':
      return `${lead}- ${inline}`;
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
      return `\`\`\`${String(node.attrs.language)}\n${node.textContent}\n\`\`\``;
    case 'raw':
      return node.textContent;
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

function inlineText(node: Node): string {
  let text = '';
  node.forEach((child) => {
    let piece = child.isText ? (child.text ?? '') : '';
    const names = new Set(child.marks.map((mark) => mark.type.name));
    for (const [name, sign] of DELIMITERS.toReversed()) if (names.has(name)) piece = `${sign}${piece}${sign}`;
    const href = safeHref(child.marks.find((mark) => mark.type.name === 'link')?.attrs.href);
    text += href === null ? piece : `[${piece}](${href})`;
  });
  return text;
}

const LIST_TAGS: Readonly<Record<string, string>> = { bullet: 'ul', ordered: 'ol', check: 'ul' };

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
export function clipboardSerializer(schema: Schema): ClipboardSerializer {
  return new ClipboardSerializer(DOMSerializer.nodesFromSchema(schema), DOMSerializer.marksFromSchema(schema));
}
