// Links to pages whose words are the author's own: drawn with whether they lead anywhere, with a preview; and pasted addresses of pages.
import { Plugin } from 'prosemirror-state';
import type { MarkViewConstructor } from 'prosemirror-view';
import { isId } from '../../../../../shared/model/page/embeds.ts';
import {
  pageLink,
  readPageLink,
  readWorkspaceLink,
  type PageAddress,
} from '../../../../../shared/model/page/page-link.ts';
import { selectedBlocks, isVerbatim } from '../../../editor/blocks.ts';
import { insertEmbed } from '../../../editor/commands/embeds.ts';
import { setLink } from '../../../editor/commands/marks.ts';
import { safeHref } from '../../../editor/links.ts';
import { parseRoute } from '../../../window/route.ts';
import { NOT_HERE, type LinkContext } from './link-context.ts';
import type { PreviewState } from './preview-state.ts';

export function pageLinks(context: LinkContext, preview: PreviewState): Plugin {
  let plainWanted = false;
  return new Plugin({
    props: {
      markViews: { link: linkView(context, preview) },
      handleDOMEvents: {
        keydown(_view, event) {
          plainWanted = event.shiftKey && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'v';
          return false;
        },
      },
      handlePaste(view, event) {
        const plain = plainWanted;
        plainWanted = false;
        const text = event.clipboardData?.getData('text/plain').trim() ?? '';
        const address = plain ? null : addressIn(text, context.workspace);
        if (!address || selectedBlocks(view.state).some(({ node }) => isVerbatim(node))) return false;
        const { page, anchor } = address;
        const dispatch = view.dispatch.bind(view);
        if (!view.state.selection.empty) return setLink(pageLink(page, anchor))(view.state, dispatch, view);
        // A heading's words name no block: such a link has words, those of its address.
        if (anchor !== '' && !isId(anchor)) return false;
        return insertEmbed({ type: 'page', page, ...(anchor === '' ? {} : { block: anchor }) })(
          view.state,
          dispatch,
          view,
        );
      },
    },
  });
}

/** The page that one address and nothing else leads to: `page:`, `caravan://page/`, or this window's own. */
export function addressIn(text: string, workspace: string, window = location): PageAddress | null {
  const inside = readPageLink(text);
  if (inside) return inside;
  const outside = readWorkspaceLink(text);
  if (outside) return outside.workspace === workspace ? outside : null;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.origin !== window.origin || url.pathname !== window.pathname || url.search !== '') return null;
  const route = parseRoute(url.hash);
  if (route.at !== 'document' || route.workspace !== workspace) return null;
  return { page: route.document, anchor: route.block ?? '' };
}

/** As the schema draws a link, and for one to a page told when its page comes, goes or is archived. */
function linkView(context: LinkContext, preview: PreviewState): MarkViewConstructor {
  return (mark) => {
    const href = safeHref(mark.attrs['href']);
    const address = href === null ? null : readPageLink(href);
    const spec = mark.type.spec.toDOM?.(mark, true);
    const dom = document.createElement(Array.isArray(spec) ? String(spec[0]) : 'span');
    const attributes: unknown = Array.isArray(spec) ? spec[1] : null;
    for (const [name, value] of Object.entries(attributes ?? {})) dom.setAttribute(name, String(value));
    if (!address) return { dom };
    const draw = (): void => {
      const standing = context.standing(address.page);
      dom.classList.toggle('broken', standing.kind !== 'here');
      if (standing.kind === 'here') dom.removeAttribute('title');
      else
        dom.title =
          standing.kind === 'archived'
            ? 'This page is archived. It can be read.'
            : `A page that is not here. ${NOT_HERE}`;
    };
    draw();
    const held = context.onChange(draw);
    const enter = (): void => preview.ask(dom, address.page, address.anchor);
    const leave = (): void => preview.leave(dom);
    dom.addEventListener('pointerenter', enter);
    dom.addEventListener('pointerleave', leave);
    return {
      dom,
      destroy: () => {
        preview.leave(dom);
        dom.removeEventListener('pointerenter', enter);
        dom.removeEventListener('pointerleave', leave);
        held.dispose();
      },
      // The class and the tooltip are its own.
      ignoreMutation: (mutation) => mutation.type === 'attributes',
    };
  };
}
