// Pasted HTML as clean blocks: the DOM of browsers and office programs, flattened. It runs no script and loads nothing.
import { readAtomProps } from '../../../../shared/model/page/atom-props.ts';
import {
  MAX_INDENT,
  type Embed,
  type Marks,
  type NewAtom,
  type NewBlock,
  type NewInline,
  type TextKind,
} from '../../../../shared/model/page/block.ts';
import { readEmbed } from '../../../../shared/model/page/embeds.ts';
import { isAtomKind } from '../../../../shared/model/page/marker.ts';
import { InlineCollector, marksInside } from './html-inline.ts';
import { tableFromHtml } from './html-table.ts';

/** More than this is pasted as plain text. */
const MAX_HTML = 8_000_000;
const MAX_DEPTH = 200;
const MAX_CARRIED = 10_000;

const IGNORED: ReadonlySet<string> = new Set(
  'SCRIPT STYLE TEMPLATE HEAD META LINK TITLE NOSCRIPT IFRAME OBJECT EMBED SVG MATH CANVAS VIDEO AUDIO SELECT BUTTON TEXTAREA'.split(
    ' ',
  ),
);
const BLOCKS: ReadonlySet<string> = new Set(
  'ADDRESS ARTICLE ASIDE BODY CENTER DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM HEADER HGROUP MAIN NAV P SECTION SUMMARY'.split(
    ' ',
  ),
);
const OWN_KINDS: ReadonlySet<string> = new Set([
  'paragraph',
  'heading',
  'bullet',
  'ordered',
  'check',
  'quote',
  'callout',
  'code',
  'raw',
  'toggle',
]);

/** What a block in the making will be. */
interface Shape {
  readonly kind: TextKind;
  readonly indent: number;
  readonly level?: number;
  readonly checked?: boolean;
  readonly language?: string;
}
const PLAIN: Shape = { kind: 'paragraph', indent: 0 };

interface Around {
  readonly shape: Shape;
  readonly marks: Marks;
  readonly keepSpace: boolean;
  /** Lists around: the indent of an item is this less one. */
  readonly lists: number;
  readonly ordered: boolean;
  readonly depth: number;
}

/** The blocks that a clipboard's HTML stands for; null when it is too large to look at. */
export function blocksFromHtml(html: string): NewBlock[] | null {
  if (html.length > MAX_HTML) return null;
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const reader = new HtmlReader();
  reader.children(body, { shape: PLAIN, marks: {}, keepSpace: false, lists: 0, ordered: false, depth: 0 });
  return reader.finish();
}

class HtmlReader {
  readonly #blocks: NewBlock[] = [];
  readonly #inline = new InlineCollector();
  #shape: Shape = PLAIN;
  /** Whether the block in the making was asked for by a tag, so that it stays although it is empty. */
  #wanted = false;

  finish(): NewBlock[] {
    this.#flush();
    return this.#blocks;
  }

  children(parent: Node, around: Around): void {
    if (around.depth > MAX_DEPTH) {
      this.#inline.text(parent.textContent ?? '', around.marks, around.keepSpace);
      return;
    }
    for (const child of parent.childNodes) {
      if (child.nodeType === 3) this.#inline.text(child.nodeValue ?? '', around.marks, around.keepSpace);
      else if (child instanceof HTMLElement || child.nodeType === 1) {
        this.#element(child as HTMLElement, { ...around, depth: around.depth + 1 });
      }
    }
  }

  #element(element: HTMLElement, around: Around): void {
    const name = element.nodeName.toUpperCase();
    if (IGNORED.has(name) || element.style?.display === 'none') return;
    if (/mso-list:\s*ignore/i.test(element.getAttribute('style') ?? '')) return;
    switch (name) {
      case 'BR':
        this.#inline.lineBreak();
        return;
      case 'HR':
        this.#flush();
        this.#blocks.push({ type: 'atom', kind: 'divider', indent: around.shape.indent });
        return;
      case 'IMG':
        this.#image(element, around);
        return;
      case 'INPUT':
        if (element.getAttribute('type') !== 'checkbox') return;
        if (this.#shape.kind === 'bullet') {
          this.#shape = { ...this.#shape, kind: 'check', checked: element.hasAttribute('checked') };
        } else if (element.closest('td, th')) {
          this.#inline.embed({ type: 'check', checked: element.hasAttribute('checked') });
        }
        return;
      case 'PRE':
        this.#verbatim(element, around);
        return;
      case 'TABLE':
        this.#table(element, around);
        return;
      case 'UL':
      case 'OL':
        this.#flush();
        this.children(element, { ...around, lists: around.lists + 1, ordered: name === 'OL' });
        this.#flush();
        this.#shape = around.shape;
        return;
      case 'LI':
        this.#item(element, around);
        return;
      case 'BLOCKQUOTE':
        this.#group(element, around, { kind: 'quote', indent: around.shape.indent });
        return;
      default:
        this.#other(element, name, around);
    }
  }

  #other(element: HTMLElement, name: string, around: Around): void {
    const embed = ownEmbed(element);
    if (element.getAttribute('role') === 'checkbox') {
      this.#inline.embed({ type: 'check', checked: element.getAttribute('aria-checked') === 'true' });
      return;
    }
    if (embed) {
      this.#inline.embed(embed);
      return;
    }
    const atom = ownAtom(element);
    if (atom) {
      this.#flush();
      this.#blocks.push(atom);
      return;
    }
    const own = ownShape(element);
    if (own && (own.kind === 'code' || own.kind === 'raw')) {
      this.#flush();
      this.#whole(own, element.textContent);
    } else if (own) this.#group(element, { ...around, keepSpace: true }, own);
    else if (/^H[1-6]$/.test(name)) {
      this.#group(element, around, { kind: 'heading', level: Number(name[1]), indent: 0 });
    } else if (BLOCKS.has(name)) this.#group(element, around, officeItem(element) ?? around.shape);
    else {
      const keepSpace = around.keepSpace || element.style.whiteSpace.startsWith('pre');
      this.children(element, { ...around, keepSpace, marks: marksInside(element, around.marks) });
    }
  }

  /** A tag that is a block of its own, or holds several. Its first text continues an item that is still empty: li > p. */
  #group(element: HTMLElement, around: Around, shape: Shape): void {
    const continues = this.#wanted && this.#inline.isEmpty && shape === around.shape;
    if (!continues) {
      this.#flush();
      this.#shape = shape;
    }
    this.children(element, { ...around, shape });
    this.#flush();
    this.#shape = belowItem(around.shape);
  }

  #item(element: HTMLElement, around: Around): void {
    this.#flush();
    const own = ownShape(element);
    const indent = Math.min(MAX_INDENT, own?.indent ?? Math.max(0, around.lists - 1));
    const shape: Shape = own ?? { kind: around.ordered ? 'ordered' : 'bullet', indent };
    this.#shape = shape;
    this.#wanted = true;
    this.children(element, { ...around, shape, keepSpace: own !== null });
    this.#flush();
    this.#shape = PLAIN;
  }

  #verbatim(element: HTMLElement, around: Around): void {
    this.#flush();
    const named = /language-([\w+#-]{1,30})/.exec(`${element.className} ${element.firstElementChild?.className ?? ''}`);
    const own = ownShape(element);
    const shape: Shape = own ?? { kind: 'code', indent: around.shape.indent, language: named?.[1] ?? '' };
    this.#whole(shape, element.textContent.replace(/\n$/, ''));
  }

  #image(element: HTMLElement, around: Around): void {
    const alt = element.getAttribute('alt')?.trim() ?? '';
    const source = element.getAttribute('src') ?? '';
    const link = /^https?:/i.test(source) ? source : null;
    // Nothing is loaded: a picture from elsewhere becomes a link to it.
    if (link !== null) this.#inline.text(alt === '' ? 'Image' : alt, { ...around.marks, link }, false);
    else if (alt !== '') this.#inline.text(alt, around.marks, false);
  }

  #table(element: HTMLElement, around: Around): void {
    const own = ownAtom(element);
    const depth = around.depth + 1;
    const read = (cell: HTMLElement): NewInline[] => {
      const reader = new HtmlReader();
      reader.children(cell, { ...around, shape: PLAIN, marks: {}, lists: 0, depth });
      return asLine(reader.finish());
    };
    const table = own ? null : tableFromHtml(element, read);
    if (!own && !table) {
      this.children(element, { ...around, depth });
      return;
    }
    this.#flush();
    this.#blocks.push(own ?? { type: 'atom', kind: 'table', indent: around.shape.indent, props: { table } });
  }

  #whole(shape: Shape, text: string): void {
    if (text === '') return;
    this.#blocks.push({ type: 'text', ...shape, content: [{ type: 'text', text, marks: {} }] });
  }

  #flush(): void {
    const kept = this.#wanted || !this.#inline.isEmpty;
    const content = this.#inline.take();
    if (kept && (content.length > 0 || this.#wanted)) this.#blocks.push({ type: 'text', ...this.#shape, content });
    this.#wanted = false;
  }
}

/** Blocks as the content of one cell, a line break between two. */
export function asLine(blocks: readonly NewBlock[]): NewInline[] {
  return blocks.flatMap((block, index): NewInline[] => {
    const content =
      block.type === 'text' ? block.content : block.kind === 'table' ? (block.props?.table?.rows.flat(2) ?? []) : [];
    const box = block.kind === 'check' ? [{ type: 'check' as const, checked: block.checked === true }] : [];
    return [...(index === 0 ? [] : [{ type: 'text' as const, text: '\n', marks: {} }]), ...box, ...content];
  });
}

/** Text that follows inside an item, behind its first paragraph, belongs one level under it. */
function belowItem(shape: Shape): Shape {
  if (!['bullet', 'ordered', 'check', 'toggle'].includes(shape.kind)) return shape;
  return { kind: 'paragraph', indent: Math.min(MAX_INDENT, shape.indent + 1) };
}

/** The value that an element copied from Caravan carries in an attribute; anything may stand in one that was not. */
function carried(element: HTMLElement, name: string): object | null {
  const text = element.getAttribute(name);
  if (text === null || text.length > MAX_CARRIED) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    // Another program's attribute of the same name: the element is read for its text.
    return null;
  }
}

function ownEmbed(element: HTMLElement): Embed | null {
  const value = carried(element, 'data-embed');
  return value && readEmbed(value);
}

function ownAtom(element: HTMLElement): NewAtom | null {
  const kind = element.getAttribute('data-kind') ?? '';
  const value = isAtomKind(kind) ? carried(element, 'data-props') : null;
  if (!value || !isAtomKind(kind)) return null;
  const props = value as Readonly<Record<string, unknown>>;
  const indent = wholeNumber(element, 'data-indent', MAX_INDENT);
  return { type: 'atom', kind, indent, props: readAtomProps(kind, (name) => props[name]) } as NewAtom;
}

function wholeNumber(element: HTMLElement, name: string, most: number): number {
  const value = Number(element.getAttribute(name) ?? 0);
  return Number.isInteger(value) ? Math.min(most, Math.max(0, value)) : 0;
}

/** The shape that a block copied from Caravan carries in its attributes. */
function ownShape(element: HTMLElement): Shape | null {
  const kind = element.getAttribute('data-kind');
  if (kind === null || !OWN_KINDS.has(kind)) return null;
  return {
    kind: kind as TextKind,
    indent: wholeNumber(element, 'data-indent', MAX_INDENT),
    level: Math.max(1, wholeNumber(element, 'data-level', 6)),
    checked: element.getAttribute('data-checked') === 'true',
    language: (element.getAttribute('data-language') ?? '').slice(0, 40),
  };
}

/** Word writes list items as paragraphs with a style of its own and the bullet as text. */
function officeItem(element: HTMLElement): Shape | null {
  const style = element.getAttribute('style') ?? '';
  const level = /mso-list:[^;]*level(\d)/i.exec(style)?.[1];
  if (level === undefined) return null;
  const marker = element.querySelector('[style*="mso-list:Ignore" i]')?.textContent.trim() ?? '';
  return { kind: /^[\da-z]{1,4}[.)]/i.test(marker) ? 'ordered' : 'bullet', indent: Number(level) - 1 };
}
