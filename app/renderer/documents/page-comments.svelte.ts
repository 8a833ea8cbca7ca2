// The comments of an open page as its text and the panel beside it share them: what they hold, where they stand, which one is looked at.
import { createSubscriber } from 'svelte/reactivity';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import { readComments, type AnchorPiece, type Comment } from '../../../shared/model/comments/read.ts';
import { commentsOf } from '../../../shared/model/document/roots.ts';
import type { ShownRange } from '../editor/binding/anchors.ts';
import type { AnchoredComment, CommentSource } from '../editor/comments.ts';
import { Remembered } from '../window/remembered.ts';
import type { DocumentHandle } from './document-handle.ts';

/** Text that was selected to be commented, before the first word is sent. */
export interface CommentDraft {
  readonly anchor: readonly AnchorPiece[];
  readonly quote: string;
}

/** What the text offers while it is on the screen. */
export interface CommentedText {
  /** The selected text, or null. */
  selected(): CommentDraft | null;
  /** The comment at the caret, or null. */
  atCaret(): string | null;
  /** Brings the words of a comment, which begin at a position, into sight. */
  reveal(comment: string, position: number): void;
  focus(): void;
  /** The selected text is commented now: the caret goes behind it. */
  deselect(): void;
}

const DRAFT = 'draft';

/** Words that were typed and not sent, by comment; with the text that a comment is begun on. Kept until they are sent. */
interface Unsent {
  readonly draft: CommentDraft | null;
  readonly words: Readonly<Record<string, string>>;
}

function readUnsent(value: unknown): Unsent {
  const { draft, words } = (value ?? {}) as { draft?: { anchor?: unknown; quote?: unknown } | null; words?: unknown };
  const texts = typeof words === 'object' && words !== null ? Object.entries(words) : [];
  return {
    draft:
      draft && Array.isArray(draft.anchor) && typeof draft.quote === 'string'
        ? { anchor: draft.anchor as AnchorPiece[], quote: draft.quote }
        : null,
    words: Object.fromEntries(texts.filter((pair): pair is [string, string] => typeof pair[1] === 'string')),
  };
}

/** Lives as long as the document stays in the pool. It reads the document and never writes it. */
export class PageComments implements CommentSource, Disposable {
  readonly #handle: DocumentHandle;
  readonly #changed = new Emitter<void>();
  readonly #subscribe: () => void;
  readonly #kept: Remembered<Unsent>;
  #read: readonly Comment[] | null = null;
  #unsent = $state.raw<Unsent>({ draft: null, words: {} });
  #active = $state<string | null>(null);
  /** Set by whoever shows the text. */
  text: CommentedText | null = null;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- replaced as a whole by each change
  #places = $state.raw<ReadonlyMap<string, ShownRange>>(new Map());
  /** Asked for the panel to be shown: a comment was picked in the text, or is begun. */
  readonly #asked = new Emitter<void>();

  constructor(handle: DocumentHandle) {
    this.#handle = handle;
    this.#kept = new Remembered(`comments ${handle.room}`, readUnsent);
    this.#unsent = this.#kept.get();
    commentsOf(handle.doc).observeDeep(this.#observe);
    this.#subscribe = createSubscriber((update) => {
      const held = this.#changed.event(update);
      return () => held.dispose();
    });
  }

  readonly onAsked = this.#asked.event;

  /** All of them, by time. */
  get list(): readonly Comment[] {
    this.#subscribe();
    return this.#comments();
  }

  /** Where the text of the shown ones stands, in the order of the text; a comment whose text is gone is missing. */
  get places(): ReadonlyMap<string, ShownRange> {
    return this.#places;
  }

  get draft(): CommentDraft | null {
    return this.#unsent.draft;
  }

  get activeId(): string | null {
    return this.#active;
  }

  /** Looks at one (null: at none). */
  activate(id: string | null): void {
    if (this.#active === id) return;
    this.#active = id;
    this.#changed.fire();
  }

  /** Begins a comment on a piece of text; words that were typed for another piece go with it. */
  begin(draft: CommentDraft): void {
    this.#keep({ ...this.#unsent, draft });
    this.#active = null;
    this.#changed.fire();
    this.#asked.fire();
  }

  endDraft(): void {
    if (!this.#unsent.draft) return;
    this.#keep({ draft: null, words: without(this.#unsent.words, DRAFT) });
    this.#changed.fire();
  }

  /** Words typed and not sent for a comment, or (null) for the one that is begun. */
  words(comment: string | null): string {
    return this.#unsent.words[comment ?? DRAFT] ?? '';
  }

  setWords(comment: string | null, text: string): void {
    const key = comment ?? DRAFT;
    const words = text === '' ? without(this.#unsent.words, key) : { ...this.#unsent.words, [key]: text };
    this.#keep({ ...this.#unsent, words });
  }

  shown(): readonly AnchoredComment[] {
    const { draft } = this.#unsent;
    const open = this.#comments().filter(({ id, resolved }) => resolved === null || id === this.#active);
    return draft ? [...open, { id: DRAFT, anchor: draft.anchor }] : open;
  }

  active(): string | null {
    return this.#unsent.draft ? DRAFT : this.#active;
  }

  onChange(run: () => void): Disposable {
    return this.#changed.event(run);
  }

  placed(places: ReadonlyMap<string, ShownRange>): void {
    const same =
      places.size === this.#places.size &&
      [...places].every(([id, { from, to }]) => this.#places.get(id)?.from === from && this.#places.get(id)?.to === to);
    if (!same) this.#places = places;
  }

  picked(id: string): void {
    if (id === DRAFT) return;
    this.activate(id);
    this.#asked.fire();
  }

  dispose(): void {
    commentsOf(this.#handle.doc).unobserveDeep(this.#observe);
    this.#changed.clear();
    this.#asked.clear();
  }

  #keep(unsent: Unsent): void {
    this.#unsent = unsent;
    this.#kept.set(unsent);
  }

  #comments(): readonly Comment[] {
    this.#read ??= readComments(this.#handle.doc).comments;
    return this.#read;
  }

  readonly #observe = (): void => {
    this.#read = null;
    this.#changed.fire();
  };
}

function without(words: Readonly<Record<string, string>>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(words).filter(([other]) => other !== key));
}
