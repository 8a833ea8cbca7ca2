// Markdown that people wrote into a post or a comment as a tree to be drawn (docs/documents.md, TH14). Total: nothing in it runs, loads or hides;
// what has no form here stands there as it was typed. It is for reading: pages are read by parseMarkdown.
import type { BlockContent, DefinitionContent, List, PhrasingContent, Root, RootContent, Table } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { isBlobName } from '../../base/blob-name.ts';
import type { Marks } from '../page/block.ts';
import { readPageLink } from '../page/page-link.ts';
import { embedOfLink } from './embeds.ts';
import { titleInBrackets } from './post-links.ts';
import { isReadable } from './source-limits.ts';

export type PostInline =
  | { readonly type: 'text'; readonly text: string; readonly marks: Marks }
  | { readonly type: 'mention'; readonly member: string; readonly text: string }
  /** `live`: the words are the title that it had, and its newest one is shown. */
  | {
      readonly type: 'page';
      readonly page: string;
      readonly anchor: string;
      readonly text: string;
      readonly live: boolean;
    }
  | { readonly type: 'date'; readonly date: string }
  /** An attachment of the space. */
  | { readonly type: 'file'; readonly blob: string; readonly name: string; readonly picture: boolean };

export type PostBlock =
  | { readonly type: 'paragraph'; readonly content: readonly PostInline[] }
  | { readonly type: 'heading'; readonly content: readonly PostInline[] }
  | { readonly type: 'list'; readonly start: number | null; readonly items: readonly PostItem[] }
  | { readonly type: 'quote'; readonly blocks: readonly PostBlock[] }
  | { readonly type: 'code'; readonly language: string; readonly text: string }
  | { readonly type: 'table'; readonly rows: readonly (readonly (readonly PostInline[])[])[] }
  | { readonly type: 'divider' }
  /** As it was typed. */
  | { readonly type: 'raw'; readonly text: string };

export interface PostItem {
  /** Of a box to tick; null where there is none. */
  readonly checked: boolean | null;
  readonly blocks: readonly PostBlock[];
}

/** Deeper nesting stands there as it was typed. */
const DEEPEST = 12;

export function readPostText(text: string): readonly PostBlock[] {
  const tree = parsed(text);
  if (!tree) return text === '' ? [] : [{ type: 'raw', text }];
  return new Reader(text).blocks(tree.children, 0);
}

function parsed(text: string): Root | null {
  if (!isReadable(text)) return null;
  try {
    return unified().use(remarkParse).use(remarkGfm).parse(text);
  } catch {
    return null; // Nested deeper than the parser goes.
  }
}

class Reader {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  blocks(nodes: readonly (RootContent | BlockContent | DefinitionContent)[], depth: number): readonly PostBlock[] {
    return nodes.map((node) => this.#block(node, depth));
  }

  #block(node: RootContent | BlockContent | DefinitionContent, depth: number): PostBlock {
    if (depth > DEEPEST) return this.#raw(node);
    switch (node.type) {
      case 'paragraph':
      case 'heading':
        return { type: node.type, content: this.#inline(node.children) };
      case 'list':
        return this.#list(node, depth);
      case 'blockquote':
        return { type: 'quote', blocks: this.blocks(node.children, depth + 1) };
      case 'code':
        return { type: 'code', language: (node.lang ?? '').slice(0, 40), text: node.value };
      case 'table':
        return this.#table(node);
      case 'thematicBreak':
        return { type: 'divider' };
      default:
        return this.#raw(node);
    }
  }

  #list({ ordered, start, children }: List, depth: number): PostBlock {
    return {
      type: 'list',
      start: ordered ? (start ?? 1) : null,
      items: children.map((item) => ({ checked: item.checked ?? null, blocks: this.blocks(item.children, depth + 1) })),
    };
  }

  #table({ children }: Table): PostBlock {
    return { type: 'table', rows: children.map((row) => row.children.map((cell) => this.#inline(cell.children))) };
  }

  #raw(node: { readonly position?: Root['position'] }): PostBlock {
    return { type: 'raw', text: this.#written(node) };
  }

  #written({ position }: { readonly position?: Root['position'] }): string {
    return this.#source.slice(position?.start.offset, position?.end.offset);
  }

  /** Marks inside marks are walked without recursion beyond their limit. */
  #inline(nodes: readonly PhrasingContent[], marks: Marks = {}, depth = 0): readonly PostInline[] {
    return nodes.flatMap((node): readonly PostInline[] => {
      const plain = (text: string, own: Marks = marks): PostInline[] => [{ type: 'text', text, marks: own }];
      if (depth > DEEPEST) return plain(this.#written(node));
      const inside = (own: Marks): readonly PostInline[] =>
        'children' in node ? this.#inline(node.children, { ...marks, ...own }, depth + 1) : [];
      switch (node.type) {
        case 'text':
          return plain(node.value);
        case 'break':
          return plain('\n');
        case 'inlineCode':
          return plain(node.value, { ...marks, code: true });
        case 'strong':
          return inside({ bold: true });
        case 'emphasis':
          return inside({ italic: true });
        case 'delete':
          return inside({ strike: true });
        case 'link': {
          const only = node.children.length === 1 && node.children[0]?.type === 'text' ? node.children[0].value : null;
          return only === null
            ? inside({ link: node.url })
            : [addressed(node.url, only) ?? { type: 'text', text: only, marks: { ...marks, link: node.url } }];
        }
        case 'image': {
          const blob = blobOf(node.url);
          const name = node.alt ?? '';
          // A picture from elsewhere would tell its owner who reads: its address stands there, to be followed by a click.
          return blob === null
            ? plain(name || node.url, { ...marks, link: node.url })
            : [{ type: 'file', blob, name, picture: true }];
        }
        default:
          return plain(this.#written(node));
      }
    });
  }
}

/** What an address of our own leads to. */
function addressed(url: string, text: string): PostInline | null {
  const embed = embedOfLink(url, text);
  if (embed?.type === 'mention') return { type: 'mention', member: embed.member, text };
  if (embed?.type === 'date') return { type: 'date', date: embed.date };
  const page = readPageLink(url);
  const title = titleInBrackets(text);
  if (page) return { type: 'page', ...page, text: title ?? text, live: title !== null };
  const blob = blobOf(url);
  return blob === null ? null : { type: 'file', blob, name: text, picture: false };
}

function blobOf(url: string): string | null {
  const name = url.startsWith('blob:') ? url.slice('blob:'.length) : '';
  return isBlobName(name) ? name : null;
}
