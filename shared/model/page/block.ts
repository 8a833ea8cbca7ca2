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
  /** Its children can be folded away; whether they are is the window's own and not stored. */
  'toggle',
] as const;
/** Kinds without text of their own; text that arrives behind one shows as a paragraph. */
export const ATOM_KINDS = ['divider', 'image', 'file', 'table', 'poll', 'done', 'thread', 'board'] as const;

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

/** A person, named by their member id; the name shown is their newest one. */
export interface Mention {
  readonly type: 'mention';
  readonly member: string;
  /** Who mentions them, and when: versions before that wrote neither. */
  readonly by?: string;
  readonly at?: number;
}

/** Another page (or a block of it) by id; the title shown is its newest one. */
export interface PageReference {
  readonly type: 'page';
  readonly page: string;
  readonly block?: string;
}

/** A day, without a time and a zone. */
export interface CalendarDate {
  readonly type: 'date';
  /** YYYY-MM-DD, a day that exists. */
  readonly date: string;
}

/** Inline things of length 1 that this version knows; stored as they are here. */
export type Embed = Mention | PageReference | CalendarDate;

/** A box to tick. It is a map in the text, so that ticking is no rewriting: two people who tick it at once leave one box. */
export interface CheckBox {
  readonly type: 'check';
  readonly checked: boolean;
}

/** Inline content that can be written. */
export type NewInline = TextRun | Embed | CheckBox;
export type Inline = NewInline | UnknownInline;

/** The bytes that a block shows, which are kept outside the page. */
export interface BlobProps {
  /** SHA-256 of the bytes, 64 lower-case hexadecimal digits; '' when there is none that can be used. */
  readonly blob: string;
  /** A file name without control characters; '' when there is none. */
  readonly name: string;
  /** `type/subtype` in lower case; '' when it is not known. */
  readonly mime: string;
  /** Bytes. */
  readonly size: number;
}

export interface ImageProps extends BlobProps {
  /** What the picture shows, for those who do not see it. */
  readonly alt: string;
  /** CSS pixels; null: as wide as it is, at most the measure. */
  readonly width: number | null;
  /** Width and height of the picture itself; null when not known. */
  readonly pixels: readonly [width: number, height: number] | null;
}

export type NoProps = Readonly<Record<never, never>>;

export const ALIGNMENTS = ['left', 'center', 'right'] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

export interface ColumnContent {
  readonly align: Alignment | null;
  /** CSS pixels, or null for as wide as its words need. */
  readonly width: number | null;
}

/** What a table says. Every row has as many cells as there are columns. */
export interface TableContent {
  /** Whether the first row is the head of the columns. */
  readonly header: boolean;
  readonly columns: readonly ColumnContent[];
  readonly rows: readonly (readonly (readonly Inline[])[])[];
}

/** What is needed to write a table: a cell that is missing is empty. */
export interface NewTable {
  readonly header: boolean;
  readonly columns: readonly Partial<ColumnContent>[];
  readonly rows: readonly (readonly (readonly NewInline[])[])[];
}

export interface TableProps {
  /** What it says, where it was asked for: the editor has its own way to a table's cells. */
  readonly table: TableContent | null;
}

/** What a block asks of people: a question with choices, or what they tick when they have done it (that has no choices). */
export interface AskContent {
  /** One line: the question, or what is to be done. */
  readonly text: string;
  /** Each one line. */
  readonly choices: readonly string[];
  readonly multiple: boolean;
  readonly anonymous: boolean;
  /** The last millisecond at which a vote counts, by the voter's clock; null where there is no end. */
  readonly until: number | null;
}

export interface AskProps {
  /** What it asks, where it was asked for: the editor has its own way to what a marker holds. */
  readonly ask: AskContent | null;
}

export interface ThreadProps {
  /** A thread's id; '' when there is none that can be used. Its title is shown as it is now, and is not stored. */
  readonly thread: string;
}

/** How the cards of a board stand in a page. */
export const BOARD_SHAPES = ['columns', 'list', 'table'] as const;
export type BoardShape = (typeof BOARD_SHAPES)[number];

/** A board that is shown in a page: ids and choices alone; titles, names and cards are shown as they are now. */
export interface BoardProps {
  /** A board's id; '' when there is none that can be used. */
  readonly board: string;
  /** A view that the board saved for everybody, by id; '' for what the rest of this says. */
  readonly view: string;
  readonly shape: BoardShape;
  /** Which cards; empty: all. Within one list any is enough, the lists all have to hold. */
  readonly words: string;
  /** Member ids; '' for cards of nobody. */
  readonly members: readonly string[];
  /** Label ids of that board; '' for cards without any. */
  readonly labels: readonly string[];
  readonly due: readonly string[];
}

/** What each atom kind holds besides id and indent. */
export interface AtomProps {
  readonly divider: NoProps;
  readonly image: ImageProps;
  readonly file: BlobProps;
  readonly table: TableProps;
  readonly poll: AskProps;
  readonly done: AskProps;
  readonly thread: ThreadProps;
  readonly board: BoardProps;
}

/** A block without text of its own. */
export type AtomBlock = {
  readonly [Kind in AtomKind]: {
    readonly type: 'atom';
    readonly id: string;
    readonly kind: Kind;
    readonly indent: number;
    readonly props: AtomProps[Kind];
  };
}[AtomKind];

/** An atom to be written; props that are not given have their defaults. */
export type NewAtom = {
  readonly [Kind in AtomKind]: {
    readonly type: 'atom';
    readonly id?: string;
    readonly kind: Kind;
    readonly indent?: number;
    readonly props?: Kind extends 'table' ? { readonly table: NewTable | null } : Partial<AtomProps[Kind]>;
  };
}[AtomKind];

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
  | AtomBlock
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
      readonly content: readonly NewInline[];
    } & Partial<BlockAttributes>)
  | NewAtom;

export const MAX_INDENT = 12;
