// Marks and links over a selection, as add-mark and remove-mark steps; text is never rewritten for a mark.
import { toggleMark } from 'prosemirror-commands';
import type { Command, EditorState } from 'prosemirror-state';
import { isVerbatim, selectedBlocks } from '../blocks.ts';
import { safeHref } from '../links.ts';

export type MarkName = 'bold' | 'italic' | 'code' | 'strike' | 'highlight';
export const MARK_NAMES: readonly MarkName[] = ['bold', 'italic', 'code', 'strike', 'highlight'];

/** Puts the mark on the selection, or takes it off where all of it has it. Code blocks have no marks. */
export function toggle(name: MarkName): Command {
  return (state, dispatch, view) => {
    const type = state.schema.marks[name];
    if (!type || selectedBlocks(state).every(({ node }) => isVerbatim(node))) return false;
    return toggleMark(type, null, { removeWhenPresent: false })(state, dispatch, view);
  };
}

/** The marks that all of the selected text has, or that the next typed character will have. */
export function activeMarks(state: EditorState): ReadonlySet<MarkName> {
  const { from, to, empty, $from } = state.selection;
  const active = new Set<MarkName>();
  for (const name of MARK_NAMES) {
    const type = state.schema.marks[name];
    if (!type) continue;
    if (empty) {
      if (type.isInSet(state.storedMarks ?? $from.marks())) active.add(name);
      continue;
    }
    let seen = false;
    let all = true;
    state.doc.nodesBetween(from, to, (node) => {
      if (!node.isText) return;
      seen = true;
      if (!type.isInSet(node.marks)) all = false;
    });
    if (seen && all) active.add(name);
  }
  return active;
}

/** Makes the selection a link to `href`, or no link with null. False where the address is not allowed or nothing is selected. */
export function setLink(href: string | null): Command {
  return (state, dispatch) => {
    const type = state.schema.marks.link;
    const range = state.selection.empty ? linkAround(state) : state.selection;
    if (!type || !range) return false;
    const safe = href === null ? null : safeHref(href);
    if (href !== null && safe === null) return false;
    if (dispatch) {
      const { tr } = state;
      tr.removeMark(range.from, range.to, type);
      if (safe !== null) tr.addMark(range.from, range.to, type.create({ href: safe }));
      dispatch(tr);
    }
    return true;
  };
}

/** The address of the link at the selection's start, or null. */
export function linkAt(state: EditorState): string | null {
  const type = state.schema.marks.link;
  if (!type) return null;
  const { $from, empty } = state.selection;
  const node = empty ? ($from.nodeBefore ?? $from.nodeAfter) : $from.nodeAfter;
  return safeHref(type.isInSet(node?.marks ?? [])?.attrs.href);
}

/** The stretch of text around the caret with one and the same link. */
function linkAround(state: EditorState): { from: number; to: number } | null {
  const href = linkAt(state);
  const type = state.schema.marks.link;
  const { $from } = state.selection;
  if (href === null || !type || $from.depth !== 1) return null;
  const has = (index: number): boolean =>
    type.isInSet($from.parent.maybeChild(index)?.marks ?? [])?.attrs.href === href;
  let first = $from.index(1);
  if (!has(first) && has(first - 1)) first--;
  if (!has(first)) return null;
  let last = first;
  while (has(first - 1)) first--;
  while (has(last + 1)) last++;
  return { from: $from.posAtIndex(first, 1), to: $from.posAtIndex(last + 1, 1) };
}
