// The editor's document type: a flat list of blocks, so that no structure change can take text with it. No behaviour here.
import { Schema, type AttributeSpec, type DOMOutputSpec, type Mark, type Node, type NodeSpec } from 'prosemirror-model';

/** Attributes of the node `block`; they mirror BlockAttributes of the model. */
export interface BlockNodeAttributes {
  readonly id: string;
  readonly kind: string;
  readonly indent: number;
  readonly level: number;
  readonly checked: boolean;
  readonly language: string;
}

const LINK = /^(?:https?:|mailto:|page:)/i;

/** Whether a link may be followed or put into the page's HTML: http, https, mailto, and pages of this workspace. */
export function isSafeLink(href: string): boolean {
  return LINK.test(href);
}

/** `data-id` is written for tests and the print view but not parsed: pasted blocks get fresh ids. */
function blockDom(node: Node): DOMOutputSpec {
  const { id, kind, indent, level, checked, language } = node.attrs as BlockNodeAttributes;
  const attributes: Record<string, string> = { class: 'block', 'data-id': id, 'data-kind': kind };
  if (indent > 0) attributes['data-indent'] = String(indent);
  if (kind === 'heading') {
    attributes['data-level'] = String(level);
    attributes['role'] = 'heading';
    attributes['aria-level'] = String(level);
  }
  if (kind === 'check') attributes['data-checked'] = String(checked);
  if (kind === 'code') {
    attributes['data-language'] = language;
    attributes['spellcheck'] = 'false';
  }
  return ['div', attributes, 0];
}

function parsedList(item: { parentElement: { nodeName: string } | null; querySelector(q: string): unknown }) {
  if (item.querySelector(':scope > input[type=checkbox]')) return { kind: 'check' };
  return { kind: item.parentElement?.nodeName === 'OL' ? 'ordered' : 'bullet' };
}

function wholeNumber(text: string | null, most: number): number {
  const value = Number(text ?? 0);
  return Number.isInteger(value) ? Math.min(most, Math.max(0, value)) : 0;
}

const BLOB_ATTRIBUTES: Record<string, AttributeSpec> = {
  blob: { default: '', validate: 'string' },
  name: { default: '', validate: 'string' },
  mime: { default: '', validate: 'string' },
  size: { default: 0, validate: 'number' },
};

/** A block without text of its own. What is drawn here stands where nobody plugged in a view: its kind and its name. */
function atom(props: Record<string, AttributeSpec>): NodeSpec {
  return {
    group: 'atom',
    atom: true,
    selectable: true,
    attrs: { id: { default: '', validate: 'string' }, indent: { default: 0, validate: 'number' }, ...props },
    toDOM: (node) => {
      const { id, indent, name } = node.attrs as Record<string, unknown>;
      return ['div', atomDom(node.type.name, String(id), Number(indent)), String(name || node.type.name)];
    },
  };
}

/** The attributes of the element around a block without text. */
export function atomDom(kind: string, id: string, indent: number): Record<string, string> {
  const attributes = { class: 'atom-block', 'data-id': id, 'data-kind': kind, contenteditable: 'false' };
  return indent > 0 ? { ...attributes, 'data-indent': String(indent) } : attributes;
}

/** An inline thing of length 1. What is drawn here stands where nobody plugged in a view. */
function embed(attrs: Record<string, AttributeSpec>): NodeSpec {
  return {
    group: 'inline',
    inline: true,
    atom: true,
    selectable: true,
    attrs,
    toDOM: (node) => ['span', embedDom(node.type.name), bareLabel(node)],
  };
}

/** The attributes of the element around an inline thing. */
export function embedDom(type: string): Record<string, string> {
  return { class: 'embed', 'data-embed': type, contenteditable: 'false' };
}

/** What an inline thing says where names and titles are not known. */
export function bareLabel(node: Node): string {
  const { member, page, date } = node.attrs as Record<string, unknown>;
  return node.type.name === 'mention' ? `@${String(member)}` : String(date ?? page ?? '');
}

const flag = (tag: string, ...others: string[]) => ({
  parseDOM: [tag, ...others].map((name) => ({ tag: name })),
  toDOM: (): DOMOutputSpec => [tag, 0],
});

export const pageSchema = new Schema({
  topNode: 'doc',
  nodes: {
    doc: { content: '(block|atom|unknown)+' },
    block: {
      content: 'inline*',
      whitespace: 'pre',
      defining: true,
      attrs: {
        id: { default: '', validate: 'string' },
        kind: { default: 'paragraph', validate: 'string' },
        indent: { default: 0, validate: 'number' },
        level: { default: 1, validate: 'number' },
        checked: { default: false, validate: 'boolean' },
        language: { default: '', validate: 'string' },
      },
      toDOM: blockDom,
      parseDOM: [
        {
          tag: 'div.block',
          preserveWhitespace: 'full',
          getAttrs: (dom) => ({
            kind: dom.getAttribute('data-kind') ?? 'paragraph',
            indent: wholeNumber(dom.getAttribute('data-indent'), 12),
            level: Math.max(1, wholeNumber(dom.getAttribute('data-level'), 6)),
            checked: dom.getAttribute('data-checked') === 'true',
            language: dom.getAttribute('data-language') ?? '',
          }),
        },
        { tag: 'p' },
        ...[1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${String(level)}`, attrs: { kind: 'heading', level } })),
        { tag: 'li', getAttrs: (dom) => parsedList(dom) },
        { tag: 'blockquote', attrs: { kind: 'quote' } },
        { tag: 'pre', preserveWhitespace: 'full', attrs: { kind: 'code' } },
      ],
    },
    divider: {
      group: 'atom',
      attrs: { id: { default: '', validate: 'string' }, indent: { default: 0, validate: 'number' } },
      selectable: true,
      parseDOM: [{ tag: 'hr' }],
      toDOM: (node): DOMOutputSpec => ['hr', { class: 'divider', 'data-id': node.attrs['id'] as string }],
    },
    image: atom({
      ...BLOB_ATTRIBUTES,
      alt: { default: '', validate: 'string' },
      width: { default: null },
      pixels: { default: null },
    }),
    file: atom(BLOB_ATTRIBUTES),
    /** Its rows, columns and cells are inside the marker; its view reads them there. `table` is what a new one is made of. */
    table: atom({ table: { default: null } }),
    /** What they ask is inside the marker, and their views read it there; `ask` is what a new one is made of. */
    poll: atom({ ask: { default: null } }),
    done: atom({ ask: { default: null } }),
    thread: atom({ thread: { default: '', validate: 'string' } }),
    board: atom({
      board: { default: '', validate: 'string' },
      view: { default: '', validate: 'string' },
      shape: { default: 'columns', validate: 'string' },
      words: { default: '', validate: 'string' },
      members: { default: [] },
      labels: { default: [] },
      due: { default: [] },
    }),
    /** A block of a newer version: shown, never edited; the binding keeps what is stored. */
    unknown: {
      attrs: {
        id: { default: '', validate: 'string' },
        kind: { default: '', validate: 'string' },
        indent: { default: 0, validate: 'number' },
        text: { default: '', validate: 'string' },
      },
      atom: true,
      selectable: true,
      toDOM: (node): DOMOutputSpec => [
        'div',
        { class: 'unknown-block', 'data-id': node.attrs['id'] as string, contenteditable: 'false' },
        ['p', { class: 'unknown-notice' }, 'This block is from a newer version of Caravan. It is kept as it is.'],
        ['pre', { class: 'unknown-text' }, node.attrs['text'] as string],
      ],
    },
    text: { group: 'inline' },
    mention: embed({
      member: { default: '', validate: 'string' },
      by: { default: null, validate: 'string|null' },
      at: { default: null, validate: 'number|null' },
    }),
    page: embed({ page: { default: '', validate: 'string' }, block: { default: '', validate: 'string' } }),
    date: embed({ date: { default: '', validate: 'string' } }),
    /** A box to tick inside text: in cells, where blocks cannot be check items. */
    check: {
      group: 'inline',
      inline: true,
      atom: true,
      selectable: false,
      attrs: { checked: { default: false, validate: 'boolean' } },
      toDOM: (node): DOMOutputSpec => [
        'span',
        {
          class: 'check-box',
          role: 'checkbox',
          'aria-checked': String(node.attrs['checked']),
          'aria-label': node.attrs['checked'] ? 'Done' : 'To do',
          contenteditable: 'false',
        },
      ],
    },
    /** An inline thing of a newer version: length 1, kept where it stands. */
    unknownInline: {
      group: 'inline',
      inline: true,
      atom: true,
      selectable: false,
      toDOM: (): DOMOutputSpec => [
        'span',
        {
          class: 'unknown-inline',
          contenteditable: 'false',
          title: 'From a newer version of Caravan. It is kept as it is.',
        },
        '▢',
      ],
    },
  },
  marks: {
    link: {
      attrs: { href: { validate: 'string' } },
      inclusive: false,
      parseDOM: [
        {
          tag: 'a[href]',
          getAttrs: (dom) => {
            const href = dom.getAttribute('href') ?? '';
            return isSafeLink(href) ? { href } : false;
          },
        },
      ],
      toDOM: (mark: Mark): DOMOutputSpec => {
        const href = mark.attrs['href'] as string;
        return isSafeLink(href)
          ? ['a', { href, class: 'link', rel: 'noopener noreferrer' }, 0]
          : [
              'span',
              {
                class: 'link unsafe',
                title: 'This link is not opened: its address is not one of http, https, mailto.',
              },
              0,
            ];
      },
    },
    bold: flag('strong', 'b'),
    italic: flag('em', 'i'),
    strike: flag('s', 'del', 'strike'),
    highlight: flag('mark'),
    code: flag('code'),
  },
});
