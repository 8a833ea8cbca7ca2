// The plugin that takes what is pasted: HTML, Markdown, plain text, or an address over a selection. Nothing is fetched.
import { Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import type { NewBlock, NewInline } from '../../../../shared/model/page/block.ts';
import { isVerbatim, selectedBlocks } from '../blocks.ts';
import { pageBindingKey } from '../binding/page-binding.ts';
import { setLink } from '../commands/marks.ts';
import type { EditingHistory } from '../editing-history.ts';
import { asSingleUrl } from '../links.ts';
import { allWithInside } from '../copied-inside.ts';
import { fromTabs } from '../table/table-text.ts';
import { clipboardSerializer, textOfSlice, type EmbedText } from './copy.ts';
import { blocksFromHtml } from './html-blocks.ts';
import { foreignOpenness, insertBlocks, type Openness } from './insert-blocks.ts';

/** Longer text is cut into lines but not read as Markdown. */
const MAX_MARKDOWN = 2_000_000;

const MARKDOWN_SIGNS: readonly RegExp[] = [
  /^#{1,6} \S/m,
  /^ {0,8}[-*+] \S/m,
  /^ {0,8}\d{1,3}[.)] \S/m,
  /^> /m,
  /^```/m,
  /^ {0,3}([-*_])( ?\1){2,} *$/m,
  /^\|.*\|\s*$/m,
  /\*\*\S[^*\n]*\*\*/,
  /`[^`\n]+`/,
  /~~\S[^~\n]*~~/,
  /\[[^\]\n]+\]\([^)\s]+\)/,
];

/** Whether a text carries signs of Markdown that somebody would miss if they stayed letters. */
export function looksLikeMarkdown(text: string): boolean {
  return text.length <= MAX_MARKDOWN && MARKDOWN_SIGNS.some((sign) => sign.test(text));
}

/** Plain text as paragraphs, a line each; empty lines between them are only a gap. */
export function paragraphsOf(text: string): NewBlock[] {
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ type: 'text', kind: 'paragraph', content: [{ type: 'text', text: line, marks: {} }] }));
}

export interface PasteOptions {
  readonly history: EditingHistory;
  readonly parseMarkdown: (text: string) => readonly NewBlock[];
  readonly embedText: EmbedText;
}

/** Pasting and copying. */
export function clipboardPlugin({ history, parseMarkdown, embedText }: PasteOptions): Plugin {
  let plainWanted = false;

  const put = (view: EditorView, blocks: readonly NewBlock[], open: Openness): boolean => {
    const tr = insertBlocks(view.state, blocks, open);
    if (!tr) return false;
    history.stopCapturing();
    view.dispatch(tr.setMeta('paste', true));
    history.stopCapturing();
    return true;
  };
  const putText = (view: EditorView, text: string): boolean => {
    const clean = text.replaceAll('\r\n', '\n');
    const { $from, $to } = view.state.selection;
    if ($from.sameParent($to) && $from.depth === 1 && isVerbatim($from.parent)) {
      view.dispatch(view.state.tr.insertText(clean).scrollIntoView());
      return true;
    }
    const blocks = paragraphsOf(clean);
    return put(view, blocks, foreignOpenness(blocks));
  };

  return new Plugin({
    props: {
      transformCopied: (slice, view) => allWithInside(slice, pageBindingKey.getState(view.state)?.binding),
      clipboardTextSerializer: (slice, view) => textOfSlice(slice, view.state.schema, embedText),
      handleDOMEvents: {
        keydown(_view, event) {
          // The paste event does not say which keys brought it; this keydown comes just before it.
          plainWanted = event.shiftKey && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'v';
          return false;
        },
      },
      handlePaste(view, event) {
        const data = event.clipboardData;
        if (!data) return false;
        const plain = plainWanted;
        plainWanted = false;
        const text = data.getData('text/plain');
        const html = data.getData('text/html');
        const inVerbatim = selectedBlocks(view.state).some(({ node }) => isVerbatim(node));
        if (plain || inVerbatim) return text === '' || putText(view, text);
        const url = asSingleUrl(text);
        if (url !== null && !view.state.selection.empty && setLink(url)(view.state, view.dispatch, view)) return true;
        const blocks = html === '' ? null : blocksFromHtml(html);
        if (blocks && blocks.length > 0) return put(view, blocks, opennessOf(html, blocks));
        const range = fromTabs(text);
        if (range) return put(view, [rangeBlock(range)], { start: false, end: false });
        if (url !== null) return put(view, [linkBlock(text.trim(), url)], { start: true, end: true });
        if (looksLikeMarkdown(text)) {
          const parsed = parseMarkdown(text);
          if (parsed.length > 0) return put(view, parsed, foreignOpenness(parsed));
        }
        return text === '' || putText(view, text);
      },
    },
    view(view) {
      view.setProps({ clipboardSerializer: clipboardSerializer(view.state.schema, embedText) });
      return {};
    },
  });
}

function linkBlock(text: string, link: string): NewBlock {
  return { type: 'text', kind: 'paragraph', content: [{ type: 'text', text, marks: { link } }] };
}

/** The first row of a range is its head when all of it is words: figures stand under a heading. */
function rangeBlock(rows: readonly (readonly (readonly NewInline[])[])[]): NewBlock {
  const words = (cell: readonly NewInline[] | undefined): boolean =>
    cell?.[0]?.type === 'text' && !/^[\d.,%€$£+-]+$/.test(cell[0].text.trim());
  const columns = (rows[0] ?? []).map(() => ({}));
  const header = rows.length > 1 && (rows[0]?.every(words) ?? false);
  return { type: 'atom', kind: 'table', props: { table: { header, columns, rows } } };
}

/** Copies from Caravan say which ends were cut inside a block; others are judged by what they hold. */
function opennessOf(html: string, blocks: readonly NewBlock[]): Openness {
  const own = /data-pm-slice="(\d+) (\d+)/.exec(html);
  return own ? { start: Number(own[1]) > 0, end: Number(own[2]) > 0 } : foreignOpenness(blocks);
}
