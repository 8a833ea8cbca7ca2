// The plugin that tells a toolbar what is selected and where. It draws nothing.
import { Plugin, TextSelection, type EditorState } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { isVerbatim, kindOf, selectedBlocks } from './blocks.ts';
import { activeMarks, linkAt, type MarkName } from './commands/marks.ts';
import type { ViewportRect } from './viewport-rect.ts';

/** Selected text, as a toolbar shows it. */
export interface SelectionReport {
  /** Around the selection's first and last line, in CSS pixels of the window. */
  readonly rect: ViewportRect;
  readonly marks: ReadonlySet<MarkName>;
  /** The link at the selection's start, or null. */
  readonly link: string | null;
  /** Kind of the first selected block, with its level for headings (else 1). */
  readonly kind: string;
  readonly level: number;
  /** False in code and kept Markdown, where text has no marks. */
  readonly takesMarks: boolean;
}

function report(view: EditorView): SelectionReport | null {
  const { state } = view;
  const { selection } = state;
  if (selection.empty || !(selection instanceof TextSelection) || !view.hasFocus()) return null;
  const first = selectedBlocks(state).at(0);
  if (!first) return null;
  const start = view.coordsAtPos(selection.from, 1);
  const end = view.coordsAtPos(selection.to, -1);
  return {
    rect: {
      left: Math.min(start.left, end.left),
      right: Math.max(start.right, end.right),
      top: Math.min(start.top, end.top),
      bottom: Math.max(start.bottom, end.bottom),
    },
    marks: activeMarks(state),
    link: linkAt(state),
    kind: kindOf(first.node),
    level: typeof first.node.attrs.level === 'number' ? first.node.attrs.level : 1,
    takesMarks: !selectedBlocks(state).every(({ node }) => isVerbatim(node)),
  };
}

/** Calls `onChange` with the selected text whenever it changes, and with null when there is none. */
export function selectionReports(onChange: (selection: SelectionReport | null) => void): Plugin {
  let shown = false;
  const tell = (view: EditorView): void => {
    const now = report(view);
    if (now === null && !shown) return;
    shown = now !== null;
    onChange(now);
  };
  return new Plugin({
    props: {
      handleDOMEvents: {
        // Focus moves before the editor knows of it, hence one turn later.
        focus: (view) => (queueMicrotask(() => view.isDestroyed || tell(view)), false),
        blur: (view) => (queueMicrotask(() => view.isDestroyed || tell(view)), false),
      },
    },
    view: () => ({
      update(view, before: EditorState) {
        if (before.doc !== view.state.doc || !before.selection.eq(view.state.selection)) tell(view);
      },
      destroy() {
        if (shown) onChange(null);
      },
    }),
  });
}
