// Shows in the text which words are commented, and says where they stand. What comments hold and how they are drawn beside is elsewhere.
import type { Node } from 'prosemirror-model';
import { Plugin, PluginKey, type EditorState } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { AnchorPiece } from '../../../shared/model/comments/read.ts';
import type { ShownRange } from './binding/anchors.ts';
import type { TableComments } from './table/table-comments.ts';

/** A comment as far as the text goes. */
export interface AnchoredComment {
  readonly id: string;
  readonly anchor: readonly AnchorPiece[];
}

/** Where an editor gets the comments of its page from, and whom it tells where they are. */
export interface CommentSource {
  /** Those that are to be shown in the text: the open ones. */
  shown(): readonly AnchoredComment[];
  /** The one that is looked at beside the text, or null. */
  active(): string | null;
  /** shown() or active() became different. */
  onChange(run: () => void): Disposable;
  /** Where the text of each stands, in the order of the text; a comment whose text is gone is missing. */
  placed(places: ReadonlyMap<string, ShownRange>): void;
  /** Commented text was clicked. */
  picked(id: string): void;
}

export interface CommentOptions {
  readonly source: CommentSource;
  readonly clock: Clock;
  readonly rangesOf: (anchors: readonly (readonly AnchorPiece[])[]) => readonly (readonly ShownRange[])[];
  /** Those on words in tables. */
  readonly cells: TableComments;
  /** What the view shows is what is stored. */
  readonly settled: () => boolean;
}

interface Shown {
  readonly set: DecorationSet;
}

const key = new PluginKey<Shown>('comments');
/** Ranges follow edits at once by mapping; after this long they are looked up again, so that undone deletions show. */
const LOOK_AGAIN = 300;

export function commentsPlugin(options: CommentOptions): Plugin<Shown> {
  return new Plugin<Shown>({
    key,
    state: {
      init: () => ({ set: DecorationSet.empty }),
      apply(tr, value): Shown {
        const told = tr.getMeta(key) as Shown | undefined;
        if (told) return told;
        return tr.docChanged ? { set: value.set.map(tr.mapping, tr.doc) } : value;
      },
    },
    props: {
      decorations: (state) => key.getState(state)?.set ?? null,
      handleClick(view, position) {
        const id = commentAt(view.state, position);
        if (id !== null) options.source.picked(id);
        return false;
      },
    },
    view: (view) => new CommentPlaces(view, options),
  });
}

/** The comment whose text is at a position; of several the one with the shortest text. */
export function commentAt(state: EditorState, position: number): string | null {
  const found = key.getState(state)?.set.find(position, position) ?? [];
  let best: { id: string; length: number } | null = null;
  for (const { from, to, spec } of found) {
    const { comment } = spec as { comment?: unknown };
    if (typeof comment === 'string' && (!best || to - from < best.length)) best = { id: comment, length: to - from };
  }
  return best?.id ?? null;
}

/** Where each table stands, by its id. */
function tablesOf(doc: Node): Map<string, ShownRange> {
  const tables = new Map<string, ShownRange>();
  doc.forEach((node, from) => {
    if (node.type.name === 'table') tables.set(String(node.attrs['id']), { from, to: from + node.nodeSize });
  });
  return tables;
}

class CommentPlaces {
  readonly #view: EditorView;
  readonly #options: CommentOptions;
  readonly #hearing: Disposable;
  readonly #cells: Disposable;
  #timer: Disposable | null = null;
  #looking = false;

  constructor(view: EditorView, options: CommentOptions) {
    this.#view = view;
    this.#options = options;
    this.#hearing = options.source.onChange(() => this.#soon());
    this.#cells = options.cells.onChange(() => this.#soon());
    this.#soon();
  }

  update(view: EditorView, before: EditorState): void {
    if (before.doc === view.state.doc) return;
    this.#timer ??= this.#options.clock.after(LOOK_AGAIN, () => {
      this.#timer = null;
      this.#look();
    });
  }

  destroy(): void {
    this.#timer?.dispose();
    this.#hearing.dispose();
    this.#cells.dispose();
  }

  #soon(): void {
    if (this.#looking) return;
    this.#looking = true;
    queueMicrotask(() => {
      this.#looking = false;
      this.#look();
    });
  }

  #look(): void {
    const { source, rangesOf, cells, settled, clock } = this.#options;
    if (this.#view.isDestroyed) return;
    if (!settled()) {
      this.#timer ??= clock.after(LOOK_AGAIN, () => {
        this.#timer = null;
        this.#look();
      });
      return;
    }
    const shown = source.shown();
    const ranges = rangesOf(shown.map(({ anchor }) => anchor));
    const active = source.active();
    const places = new Map<string, ShownRange>();
    const inTables = cells.show(shown, active);
    const tables = inTables.size > 0 ? tablesOf(this.#view.state.doc) : new Map<string, ShownRange>();
    const decorations: Decoration[] = [];
    shown.forEach(({ id }, at) => {
      const [first] = ranges[at] ?? [];
      const place = first ?? tables.get(inTables.get(id) ?? '');
      if (place) places.set(id, place);
      for (const { from, to } of ranges[at] ?? []) {
        const attributes = { class: id === active ? 'commented active' : 'commented', 'data-comment': id };
        decorations.push(Decoration.inline(from, to, attributes, { comment: id, active: id === active }));
      }
    });
    const { state } = this.#view;
    const before = key.getState(state)?.set.find() ?? [];
    if (before.length > 0 || decorations.length > 0) {
      const set = DecorationSet.create(state.doc, decorations);
      this.#view.dispatch(state.tr.setMeta(key, { set }).setMeta('addToHistory', false));
    }
    source.placed(new Map([...places].sort(([, a], [, b]) => a.from - b.from)));
  }
}
