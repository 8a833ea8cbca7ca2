// The words of a page: blocks, inline content and marks as plain read-only data. It knows nothing of Yjs or an editor.

/** Kinds whose content is text; all of them are the one editor node `block`. */
export const TEXT_KINDS = [
  'paragraph',
  'heading',
  'bullet',
  'ordered',
  'check',
  'quote',
  'callout',
  'code',
  /** Markdown that the editor cannot express yet, kept letter by letter as text. */
  'raw',
] as const;
/** Kinds without text of their own; text that arrives behind one shows as a paragraph. */
export const ATOM_KINDS = ['divider'] as const;

export type TextKind = (typeof TEXT_KINDS)[number];
export type AtomKind = (typeof ATOM_KINDS)[number];
export type BlockKind = TextKind | AtomKind;

/** Marks of a run of text. `link` is a URL, or `page:<document id>` with an optional `#<block id or anchor>`. */
export interface Marks {
  readonly bold?: true;
  readonly italic?: true;
  readonly code?: true;
  readonly strike?: true;
  readonly highlight?: true;
  readonly link?: string;
}

/** Text with one set of marks; `\n` inside text is a line break inside the block. */
export interface TextRun {
  readonly type: 'text';
  readonly text: string;
  readonly marks: Marks;
}

/** An inline thing that this version does not know; kept, shown as a notice. */
export interface UnknownInline {
  readonly type: 'unknown';
}

export type Inline = TextRun | UnknownInline;

/** Attributes that a block's marker holds besides its id and kind. Readers get defaults for what is missing or wrong. */
export interface BlockAttributes {
  /** 0 to 12. Children are the following blocks of greater indent. */
  readonly indent: number;
  /** Headings: 1 to 6. Else 1. */
  readonly level: number;
  /** Check items. Else false. */
  readonly checked: boolean;
  /** Code blocks: the language, or ''. */
  readonly language: string;
}

/** One block as everybody sees it. */
export type Block =
  | ({
      readonly type: 'text';
      readonly id: string;
      readonly kind: TextKind;
      readonly content: readonly Inline[];
    } & BlockAttributes)
  | { readonly type: 'atom'; readonly id: string; readonly kind: AtomKind; readonly indent: number }
  /** A marker kind of a newer version: kept untouched; `text` is the plain text behind it. */
  | {
      readonly type: 'unknown';
      readonly id: string;
      readonly kind: string;
      readonly indent: number;
      readonly text: string;
    };

/** What is needed to write a new block; an id is made where none is given. */
export type NewBlock =
  | ({
      readonly type: 'text';
      readonly id?: string;
      readonly kind: TextKind;
      readonly content: readonly TextRun[];
    } & Partial<BlockAttributes>)
  | { readonly type: 'atom'; readonly id?: string; readonly kind: AtomKind; readonly indent?: number };

export const MAX_INDENT = 12;
