// The plugin that makes keys and the clipboard work on the selection that is on the screen. It selects nothing itself.
import { Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';

/**
 * Browsers move a caret at once and tell of it later (`selectionchange` is queued). A key that comes between the two would
 * work on the place where the caret was, which on a busy machine is a place that nobody sees any more. So the editor is told
 * first. A composition is left alone: the input method has the selection.
 */
export function freshSelection(): Plugin {
  const read = (view: EditorView): false => {
    if (!view.composing) view.dom.ownerDocument.dispatchEvent(new Event('selectionchange'));
    return false;
  };
  return new Plugin({
    props: {
      handleDOMEvents: {
        keydown: read,
        copy: read,
        cut: read,
        paste: read,
      },
    },
  });
}
