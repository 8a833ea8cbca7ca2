// The harness page: two editors on two documents joined in memory, with handles for the specs. Not part of the app.
import { TextSelection } from 'prosemirror-state';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { FindReport } from '../../../app/renderer/editor/finder.ts';
import type { TableMenu } from '../../../app/renderer/editor/table/table-menu.ts';
import { hueOf } from '../../../app/renderer/editor/hue.ts';
import { PageEditor } from '../../../app/renderer/editor/page-editor.ts';
import type { SelectionReport } from '../../../app/renderer/editor/selection-report.ts';
import type { TriggerMenu } from '../../../app/renderer/editor/trigger-menu.ts';
import { bodyOf } from '../../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../../shared/model/markdown/parse-markdown.ts';
import type { Block, Inline } from '../../../shared/model/page/block.ts';
import { blockText, readBlocks } from '../../../shared/model/page/read.ts';
import { writeBlocks } from '../../../shared/model/page/write.ts';
import { Wire } from './wire.ts';

type Name = 'a' | 'b';

interface Seat {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly editor: PageEditor;
  slash: TriggerMenu | null;
  selection: SelectionReport | null;
  found: FindReport | null;
  readonly opened: string[];
  leftTop: number;
  tableMenu: TableMenu | null;
  said: string;
}

const NAMES: Record<string, string> = { 'member-ana': 'Ana', 'member-ines': 'Ines' };

function seat(name: Name, member: string): Seat {
  const doc = new Y.Doc();
  const awareness = new Awareness(doc);
  const opened: string[] = [];
  const own: Seat = {
    doc,
    awareness,
    opened,
    slash: null,
    found: null,
    selection: null,
    leftTop: 0,
    tableMenu: null,
    said: '',
    editor: new PageEditor({
      mount: document.getElementById(name),
      doc,
      awareness,
      user: { member, name: NAMES[member] ?? '', hue: hueOf(member) },
      names: (id) => NAMES[id] ?? 'Somebody',
      parseMarkdown: (text) => parseMarkdown(text).blocks,
      onOpenLink: (href) => opened.push(href),
      onFind: (found) => (own.found = found),
      onMenu: (menu) => (own.slash = menu),
      onSelection: (selection) => (own.selection = selection),
      onLeaveTop: () => (own.leftTop += 1),
      onTableMenu: (menu) => (own.tableMenu = menu),
      say: (words) => (own.said = words),
    }),
  };
  return own;
}

function line(block: Pick<Block, 'indent'> & Record<string, unknown>, text: string): string {
  const kind = String(block['kind']);
  const name =
    kind === 'heading' ? `h${String(block['level'])}` : kind === 'check' && block['checked'] ? 'checked' : kind;
  return `${'.'.repeat(block.indent)}${name}${text === '' ? '' : ` ${text}`}`;
}

/** What the specs see as `window.__harness`. */
export class Harness {
  readonly a = seat('a', 'member-ana');
  readonly b = seat('b', 'member-ines');
  readonly #wire = new Wire([this.a, this.b]);

  setOnline(online: boolean): void {
    this.#wire.setOnline(online);
  }

  /** Fills the page from Markdown, through the stored form. */
  fill(markdown: string): void {
    const { blocks } = parseMarkdown(markdown);
    this.a.doc.transact(() => writeBlocks(bodyOf(this.a.doc), blocks));
  }

  /** The body of a side, for specs that write as another program would. */
  body(name: Name): Y.Text {
    return bodyOf(this[name].doc);
  }

  newMap(entries: Record<string, unknown>): Y.Map<unknown> {
    return new Y.Map(Object.entries(entries));
  }

  lines(name: Name): string[] {
    return readBlocks(this.body(name)).map((block) => line({ ...block }, blockText(block)));
  }

  shown(name: Name): string[] {
    const lines: string[] = [];
    this[name].editor.state.doc.forEach((node) => {
      const kind = node.isTextblock || node.type.name === 'unknown' ? String(node.attrs['kind']) : node.type.name;
      const id = String(node.attrs['id']);
      const text =
        node.type.name === 'table'
          ? this.#tableText(name, id)
          : node.type.name === 'unknown'
            ? String(node.attrs['text'])
            : node.textContent;
      lines.push(line({ ...node.attrs, kind, indent: Number(node.attrs['indent']) }, text));
    });
    return lines;
  }

  /** A table's words as its view shows them, a line a row, a tab between cells. */
  #tableText(name: Name, id: string): string {
    const rows = this[name].editor.dom.querySelectorAll(`[data-id="${id}"] tr`);
    return [...rows].map((row) => [...row.children].map((cell) => cell.textContent).join('\t')).join('\n');
  }

  /** Publishes a selection as if this side had the focus. */
  point(name: Name, block: number, from: number, to: number): void {
    const { editor, awareness } = this[name];
    const start = editor.state.doc.resolve(0).posAtIndex(block, 0) + 1;
    const at = (offset: number): unknown => editor.binding.toRelative(start + offset);
    awareness.setLocalStateField('cursor', { anchor: at(from), head: at(to) });
  }

  /** The cells of the page's first table as it is stored, a line a row; a box to tick is [ ] or [x]. */
  cells(name: Name): string[] {
    const [block] = readBlocks(this.body(name)).filter(({ kind }) => kind === 'table');
    const table = block?.type === 'atom' && block.kind === 'table' ? block.props.table : null;
    const words = (inline: Inline): string =>
      inline.type === 'text' ? inline.text : inline.type === 'check' ? (inline.checked ? '[x]' : '[ ]') : '?';
    return (table?.rows ?? []).map((row) => row.map((cell) => cell.map(words).join('')).join('|'));
  }

  select(name: Name, block: number, from: number, to: number): void {
    const { editor } = this[name];
    editor.focus();
    editor.run((state, dispatch) => {
      const start = state.doc.resolve(0).posAtIndex(block, 0) + 1;
      dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, start + from, start + to)));
      return true;
    });
  }
}

window.__harness = new Harness();
