// Copying selected cells and pasting into cells. What stands on a clipboard is read and written elsewhere.
import { Plugin } from 'prosemirror-state';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import type { NewBlock, NewInline } from '../../../../shared/model/page/block.ts';
import { textsContent } from '../../../../shared/model/page/table-content.ts';
import { asLine, blocksFromHtml } from '../clipboard/html-blocks.ts';
import { inlineOf } from '../commands/new-blocks.ts';
import { setLink } from '../commands/marks.ts';
import { asSingleUrl } from '../links.ts';
import { boxOf } from './table-range.ts';
import type { ShownTable, TableSurroundings } from './table-surroundings.ts';
import { fromTabs, tableElement, toTabs } from './table-text.ts';

type Grid = readonly (readonly (readonly NewInline[])[])[];

/** The one table that pasted blocks are, as a grid; null for anything else. */
function gridOf(blocks: readonly NewBlock[] | null): Grid | null {
  const [only, ...others] = (blocks ?? []).filter((block) => block.type === 'atom' || block.content.length > 0);
  if (others.length > 0 || only?.type !== 'atom' || only.kind !== 'table') return null;
  return only.props?.table?.rows ?? null;
}

/** What a clipboard holds as cells, or null when it is no range. */
export function pastedGrid(data: DataTransfer): Grid | null {
  const html = data.getData('text/html');
  return gridOf(html === '' ? null : blocksFromHtml(html)) ?? fromTabs(data.getData('text/plain'));
}

/** Pasting into the cell that has the caret. */
export function cellPaste(view: ShownTable, around: TableSurroundings): Plugin {
  return new Plugin({
    props: {
      handlePaste(cell, event) {
        const data = event.clipboardData;
        const place = view.place;
        if (!data || !place) return true;
        const grid = pastedGrid(data);
        if (grid) {
          view.fillFrom(place, grid);
          return true;
        }
        const text = data.getData('text/plain').replaceAll('\r\n', '\n');
        const url = asSingleUrl(text);
        if (url !== null && !cell.state.selection.empty && setLink(url)(cell.state, cell.dispatch, cell)) return true;
        const html = data.getData('text/html');
        const blocks = html === '' ? null : blocksFromHtml(html);
        const content: NewInline[] =
          blocks && blocks.length > 0
            ? asLine(blocks)
            : url !== null
              ? [{ type: 'text', text: text.trim(), marks: { link: url } }]
              : [{ type: 'text', text: text.replace(/\n$/, ''), marks: {} }];
        around.history.stopCapturing();
        const { tr, schema } = cell.state;
        tr.deleteSelection();
        for (const node of inlineOf(schema, content)) tr.replaceSelectionWith(node, false);
        cell.dispatch(tr.setMeta('paste', true).scrollIntoView());
        around.history.stopCapturing();
        return true;
      },
      // What is dropped would be whole blocks; a cell takes none.
      handleDrop: () => true,
    },
  });
}

/** Copy, cut and paste while several cells are selected. */
export class TableClipboard implements Disposable {
  readonly #view: ShownTable;
  readonly #stop = new AbortController();

  constructor(view: ShownTable) {
    this.#view = view;
    const { signal } = this.#stop;
    const { dom } = view.grid;
    dom.addEventListener('copy', (event) => this.#copy(event), { signal });
    dom.addEventListener('cut', (event) => this.#cut(event), { signal });
    dom.addEventListener('paste', (event) => this.#paste(event), { signal });
  }

  dispose(): void {
    this.#stop.abort();
  }

  #copy(event: ClipboardEvent): boolean {
    const { range, table } = this.#view;
    if (!this.#view.selectsCells || !range || !event.clipboardData) return false;
    const { top, left, bottom, right } = boxOf(range);
    const columns = table.columns.slice(left, right + 1);
    const rows = table.rows
      .slice(top, bottom + 1)
      .map((row) => columns.map((column) => textsContent(table.texts(row.id, column.id))));
    const element = tableElement({ header: table.header && top === 0, columns, rows }, document);
    event.clipboardData.setData('text/plain', toTabs(rows));
    event.clipboardData.setData('text/html', element.outerHTML);
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #cut(event: ClipboardEvent): void {
    const { range } = this.#view;
    if (this.#view.editable && this.#copy(event) && range) this.#view.actions.clear(range);
  }

  #paste(event: ClipboardEvent): void {
    const { range } = this.#view;
    if (!this.#view.selectsCells || !range || !event.clipboardData || !this.#view.editable) return;
    event.preventDefault();
    event.stopPropagation();
    const { top, left } = boxOf(range);
    const text = event.clipboardData.getData('text/plain');
    const words: NewInline[] = text === '' ? [] : [{ type: 'text', text, marks: {} }];
    this.#view.fillFrom({ row: top, column: left }, pastedGrid(event.clipboardData) ?? [[words]]);
  }
}
