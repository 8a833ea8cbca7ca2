// The plugin that tells a picker which code block the caret is in and where it is. It draws nothing.
import { Plugin, type EditorState } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { kindOf, selectedBlocks } from '../blocks.ts';
import type { ViewportRect } from '../viewport-rect.ts';

export interface CodeReport {
  readonly language: string;
  /** The block, CSS pixels of the window. */
  readonly rect: ViewportRect;
}

function report(view: EditorView): CodeReport | null {
  if (!view.editable) return null;
  const block = selectedBlocks(view.state).at(0);
  if (!block || kindOf(block.node) !== 'code') return null;
  const dom = view.nodeDOM(block.pos);
  if (!(dom instanceof HTMLElement)) return null;
  const { left, right, top, bottom } = dom.getBoundingClientRect();
  return { language: String(block.node.attrs['language']), rect: { left, right, top, bottom } };
}

/** Calls `onChange` while the caret is in code, and with null when it leaves. */
export function codeReports(onChange: (report: CodeReport | null) => void): Plugin {
  let shown = false;
  return new Plugin({
    view: () => ({
      update(view, before: EditorState) {
        if (before.doc === view.state.doc && before.selection.eq(view.state.selection)) return;
        const now = report(view);
        if (now === null && !shown) return;
        shown = now !== null;
        onChange(now);
      },
      destroy() {
        if (shown) onChange(null);
      },
    }),
  });
}
