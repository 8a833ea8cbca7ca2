// The keys into a block with controls of its own: Enter on it goes to the first; Escape there goes back to the block, as the drawings see to.
import { NodeSelection, Plugin } from 'prosemirror-state';

const CONTROLS = 'button:not(:disabled), input:not(:disabled), a[href]';

/** @param kinds of blocks that have such controls. */
export function entrance(kinds: ReadonlySet<string>): Plugin {
  return new Plugin({
    props: {
      handleKeyDown(view, event) {
        const { selection } = view.state;
        if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
        if (!(selection instanceof NodeSelection) || !kinds.has(selection.node.type.name)) return false;
        const element = view.nodeDOM(selection.from);
        const control = element instanceof HTMLElement ? element.querySelector<HTMLElement>(CONTROLS) : null;
        if (!control) return false;
        event.preventDefault();
        control.focus();
        return true;
      },
    },
  });
}
