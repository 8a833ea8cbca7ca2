// The plugin for what a pointer does on the page: tick boxes, open links, write below the last line.
import { Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { blockAt, kindOf, type PlacedBlock } from './blocks.ts';
import { caretBelow } from './commands/enter.ts';
import { toggleCheckAt } from './commands/kinds.ts';
import { toggleFoldAt } from './folding.ts';
import { isPageLink, safeHref } from './links.ts';

/** The block whose sign is under the pointer: a tick box, or what folds. CSS draws it in the padding, for headings before it. */
function signUnder(view: EditorView, event: MouseEvent): PlacedBlock | null {
  const signed = '.block:is([data-kind="check"], [data-kind="toggle"], [data-kind="heading"])';
  const block = event.target instanceof Element ? event.target.closest<HTMLElement>(signed) : null;
  if (!block || !view.dom.contains(block)) return null;
  const box = block.getBoundingClientRect();
  const style = getComputedStyle(block);
  const line = parseFloat(style.lineHeight) || 24;
  const inLine = event.clientY >= box.top && event.clientY <= box.top + parseFloat(style.paddingTop) + line;
  const rtl = style.direction === 'rtl';
  const padding = parseFloat(style.paddingInlineStart);
  const from = rtl ? box.right - event.clientX : event.clientX - box.left;
  if (!inLine || from < padding - 30 || from > padding - 4) return null;
  return blockAt(view.state.doc, view.posAtDOM(block, 0) - 1);
}

function isBelowText(view: EditorView, event: MouseEvent): boolean {
  if (event.target !== view.dom) return false;
  const last = view.dom.lastElementChild;
  return last !== null && event.clientY > last.getBoundingClientRect().bottom;
}

/** Pointer behaviour; `onOpenLink` gets addresses that are safe to open, nothing else. */
export function pointerPlugin(onOpenLink: (href: string) => void): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        mousedown(view, event) {
          if (event.button !== 0) return false;
          const folding = signUnder(view, event);
          if (folding && kindOf(folding.node) !== 'check' && !view.editable) {
            toggleFoldAt(folding.pos)(view.state, view.dispatch, view);
            return true;
          }
          if (!view.editable) return false;
          const signed = signUnder(view, event);
          if (signed) {
            event.preventDefault();
            const turn = kindOf(signed.node) === 'check' ? toggleCheckAt : toggleFoldAt;
            turn(signed.pos)(view.state, view.dispatch, view);
            return true;
          }
          if (!isBelowText(view, event)) return false;
          event.preventDefault();
          caretBelow(view.state, view.dispatch, view);
          view.focus();
          return true;
        },
        click(view, event) {
          const anchor = event.target instanceof Element ? event.target.closest('a') : null;
          if (!anchor || !view.dom.contains(anchor)) return false;
          // The browser itself never follows a link out of the page, whatever keys are held.
          event.preventDefault();
          const href = safeHref(anchor.getAttribute('href'));
          if (href === null) return true;
          if (event.ctrlKey || event.metaKey || isPageLink(href) || !view.editable) onOpenLink(href);
          return false;
        },
        auxclick(_view, event) {
          if (event.target instanceof Element && event.target.closest('a')) event.preventDefault();
          return false;
        },
        dragstart(_view, event) {
          // A dragged link would leave a foreign copy of the address; text is dragged as text.
          if (event.target instanceof Element && event.target.nodeName === 'A') event.preventDefault();
          return false;
        },
      },
    },
  });
}
