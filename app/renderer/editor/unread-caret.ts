// Where the caret is on the screen, while the browser has moved it and not told of it yet. It moves nothing.
import { TextSelection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';

/** Ends of a selection, as positions of the document that the screen shows. */
export interface Caret {
  readonly anchor: number;
  readonly head: number;
}

/**
 * Null where the editor knows of it, and where it is not the editor's to say (a composition, a block that is selected as a whole,
 * the focus elsewhere). Only while what the screen shows is what the editor thinks it shows: not in the middle of an input.
 */
export function unreadCaret(view: EditorView): Caret | null {
  const { selection, doc } = view.state;
  if (view.composing || !(selection instanceof TextSelection) || !view.hasFocus()) return null;
  const shown = view.dom.ownerDocument.getSelection();
  const { anchorNode, focusNode } = shown ?? {};
  if (!shown || !anchorNode || !focusNode || !view.dom.contains(anchorNode) || !view.dom.contains(focusNode))
    return null;
  try {
    const anchor = view.posAtDOM(anchorNode, shown.anchorOffset);
    const head = shown.isCollapsed ? anchor : view.posAtDOM(focusNode, shown.focusOffset);
    const read = TextSelection.between(doc.resolve(anchor), doc.resolve(head));
    return read.eq(selection) ? null : { anchor: read.anchor, head: read.head };
  } catch {
    return null; // In something that is no text of the document, such as a control of a block.
  }
}
