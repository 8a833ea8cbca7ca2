// Tables: reading anything a peer wrote, and what commands of two people make together.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { NewInline, NewTable } from './block.ts';
import { copyBody } from './copy.ts';
import { readBlocks } from './read.ts';
import {
  addLines,
  alignColumns,
  clearCells,
  fillCells,
  keepLine,
  moveLine,
  ownText,
  removeLines,
  setChecked,
  setColumnWidth,
  setTableHeader,
} from './table-commands.ts';
import { readTableContent } from './table-content.ts';
import { readTable } from './table-read.ts';
import { mayBeUndone } from './table-undo.ts';
import { appendBlocks } from './write.ts';

const run = (text: string): NewInline[] => (text === '' ? [] : [{ type: 'text', text, marks: {} }]);
const grid = (...rows: string[][]): NewTable => ({
  header: true,
  columns: rows[0]!.map(() => ({})),
  rows: rows.map((cells) => cells.map(run)),
});
const removing = { at: 5, by: 'ana' };

function markerOf(doc: Y.Doc): Y.Map<unknown> {
  return (doc.getText('body').toDelta() as { insert: unknown }[]).find(({ insert }) => insert instanceof Y.Map)!
    .insert as Y.Map<unknown>;
}

/** Documents that hold one table and are apart until `meet` is called. */
function apart(table: NewTable, count = 2): { markers: Y.Map<unknown>[]; meet: () => void } {
  const docs = Array.from({ length: count }, () => new Y.Doc());
  appendBlocks(docs[0]!.getText('body'), [{ type: 'atom', kind: 'table', props: { table } }]);
  const meet = (): void => {
    for (const one of docs) for (const other of docs) Y.applyUpdate(one, Y.encodeStateAsUpdate(other), 'network');
  };
  meet();
  return { markers: docs.map(markerOf), meet };
}

/** Cells as lines of text, a row each; a row that came back begins with '!'. */
function shown(marker: Y.Map<unknown>): string[] {
  const table = readTable(marker);
  return table.rows.map((row) => {
    const cells = table.columns.map(({ id }) =>
      table
        .texts(row.id, id)
        .map(({ text }) => text.toString())
        .join('+'),
    );
    return `${row.returned ? '!' : ''}${cells.join('|')}`;
  });
}

const rowId = (marker: Y.Map<unknown>, at: number): string => readTable(marker).rows[at]!.id;
const columnId = (marker: Y.Map<unknown>, at: number): string => readTable(marker).columns[at]!.id;
function type(marker: Y.Map<unknown>, row: string, column: string, words: string): void {
  marker.doc!.transact(() => {
    const text = ownText(marker, row, column);
    text.insert(text.length, words);
  });
}

describe('a table', () => {
  it('[TB1] [TB2] [TB3] reads back as it was written', () => {
    const bold: NewInline[] = [{ type: 'text', text: 'x', marks: { bold: true } }];
    const table: NewTable = {
      header: true,
      columns: [{ align: 'right' }, { width: 200 }],
      rows: [[run('a'), bold], [[{ type: 'check', checked: true }, ...run(' done')]]],
    };
    const { markers } = apart(table);
    expect(readTableContent(markers[1]!)).toEqual({
      header: true,
      columns: [
        { align: 'right', width: null },
        { align: null, width: 200 },
      ],
      rows: [
        [run('a'), bold],
        [[{ type: 'check', checked: true }, ...run(' done')], []],
      ],
    });
    expect(readBlocks(markers[0]!.doc!.getText('body'))[0]).toMatchObject({
      kind: 'table',
      props: { table: { header: true } },
    });
  });

  it('[W11] adds, moves and removes rows and columns, and changes the head, widths and alignments', () => {
    const { markers } = apart(grid(['a', 'b'], ['c', 'd']), 1);
    const [marker] = markers;
    const [added] = addLines(marker!, 'row', { after: rowId(marker!, 0) });
    type(marker!, added!, columnId(marker!, 1), 'x');
    addLines(marker!, 'column', { after: null });
    expect(shown(marker!)).toEqual(['|a|b', '||x', '|c|d']);
    moveLine(marker!, 'row', rowId(marker!, 2), null);
    moveLine(marker!, 'column', columnId(marker!, 0), undefined);
    expect(shown(marker!)).toEqual(['c|d|', 'a|b|', '|x|']);
    removeLines(marker!, 'row', [rowId(marker!, 1)], removing);
    removeLines(marker!, 'column', [columnId(marker!, 2)], removing);
    expect(shown(marker!)).toEqual(['c|d', '|x']);
    alignColumns(marker!, [columnId(marker!, 0)], 'center');
    setColumnWidth(marker!, columnId(marker!, 0), 99.6);
    setTableHeader(marker!, false);
    expect(readTable(marker!)).toMatchObject({ header: false, columns: [{ align: 'center', width: 100 }, {}] });
    const rows = readTable(marker!).rows.map(({ id }) => id);
    expect(() => removeLines(marker!, 'row', rows, removing)).toThrow('keeps one row');
  });

  it('[W6] a range fills cells from a place on, adding the rows and columns that are missing; cells are emptied', () => {
    const { markers } = apart(grid(['a', 'b'], ['c', 'd']), 1);
    const marker = markers[0]!;
    fillCells(marker, { row: rowId(marker, 1), column: columnId(marker, 1), grid: [[run('1'), run('2')], [run('3')]] });
    expect(shown(marker)).toEqual(['a|b|', 'c|1|2', '|3|']);
    clearCells(marker, [{ row: rowId(marker, 1), column: columnId(marker, 0) }]);
    expect(shown(marker)).toEqual(['a|b|', '|1|2', '|3|']);
  });

  it('[TB4] opening writes nothing, and the first edit of a missing cell makes its text', () => {
    const { markers, meet } = apart(grid(['a']));
    const [row] = addLines(markers[0]!, 'row', {});
    const [column] = addLines(markers[1]!, 'column', {});
    meet();
    const before = Y.encodeStateAsUpdate(markers[0]!.doc!);
    expect(shown(markers[0]!)).toEqual(['a|', '|']);
    expect(Y.encodeStateAsUpdate(markers[0]!.doc!)).toEqual(before);
    type(markers[0]!, row!, column!, 'mine');
    expect(shown(markers[0]!)).toEqual(['a|', '|mine']);
  });

  it('[W26] [TB5] two people type first into one missing cell: both words are shown, in one order', () => {
    const { markers, meet } = apart(grid(['a']));
    const [row] = addLines(markers[0]!, 'row', {});
    const [column] = addLines(markers[1]!, 'column', {});
    meet();
    type(markers[0]!, row!, column!, 'mine');
    type(markers[1]!, row!, column!, 'yours');
    meet();
    expect(['|mine+yours', '|yours+mine']).toContain(shown(markers[0]!)[1]);
    expect(shown(markers[1]!)).toEqual(shown(markers[0]!));
  });

  it('[TB6] two people tick one box at once: it is one box', () => {
    const { markers, meet } = apart({ header: false, columns: [{}], rows: [[[{ type: 'check', checked: false }]]] });
    const box = (marker: Y.Map<unknown>): Y.Map<unknown> => {
      const [text] = readTable(marker).texts(rowId(marker, 0), columnId(marker, 0));
      return (text!.text.toDelta() as { insert: unknown }[])[0]!.insert as Y.Map<unknown>;
    };
    for (const marker of markers) setChecked(box(marker), true);
    meet();
    expect(readTableContent(markers[0]!).rows).toEqual([[[{ type: 'check', checked: true }]]]);
  });

  it('[W26] [TB7] [TB8] words typed into a row that another removes bring it back, until it is kept or removed again', () => {
    const { markers, meet } = apart(grid(['a', 'b'], ['c', 'd']));
    const [ana, bo] = markers;
    removeLines(ana!, 'row', [rowId(ana!, 1)], removing);
    expect(shown(ana!)).toEqual(['a|b']);
    type(bo!, rowId(bo!, 1), columnId(bo!, 0), ' late');
    meet();
    for (const marker of markers) expect(shown(marker)).toEqual(['a|b', '!c late|d']);
    expect(readTable(bo!).rows[1]!.returned).toEqual(removing);
    keepLine(bo!, 'row', rowId(bo!, 1));
    meet();
    expect(shown(ana!)).toEqual(['a|b', 'c late|d']);
    removeLines(ana!, 'row', [rowId(ana!, 1)], removing);
    meet();
    expect(shown(bo!)).toEqual(['a|b']);
  });

  it('[W26] [TB7] a new column, a move or a width beside it brings no removed row back', () => {
    const { markers, meet } = apart(grid(['a', 'b'], ['c', 'd'], ['e', 'f']));
    const [ana, bo] = markers;
    removeLines(ana!, 'row', [rowId(ana!, 1)], removing);
    addLines(bo!, 'column', {});
    moveLine(bo!, 'row', rowId(bo!, 1), undefined);
    setColumnWidth(bo!, columnId(bo!, 0), 300);
    meet();
    for (const marker of markers) expect(shown(marker)).toEqual(['a|b|', 'e|f|']);
  });

  it('[TB7] [W22] a copy of the page leaves removed rows behind', () => {
    const { markers } = apart(grid(['a', 'b'], ['c', 'd']), 1);
    const [marker] = markers;
    removeLines(marker!, 'row', [rowId(marker!, 1)], removing);
    const copy = new Y.Doc();
    copy.getText('body').applyDelta(copyBody(marker!.doc!.getText('body')));
    expect(shown(markerOf(copy))).toEqual(['a|b']);
    expect((markerOf(copy).get('cells') as Y.Map<unknown>).size).toBe(2);
  });

  it('[TB9] [TB10] undoing a new row takes nothing along that another types in it', () => {
    const { markers, meet } = apart(grid(['a']));
    const [ana, bo] = markers;
    const undo = new Y.UndoManager(ana!.doc!.getText('body'), { deleteFilter: mayBeUndone });
    const [row] = addLines(ana!, 'row', {});
    meet();
    type(bo!, row!, columnId(bo!, 0), 'words');
    undo.undo();
    expect(shown(ana!)).toEqual(['a']);
    meet();
    for (const marker of markers) expect(shown(marker)).toEqual(['a', '!words']);
    keepLine(bo!, 'row', row!);
    meet();
    expect(shown(ana!)).toEqual(['a', 'words']);
  });

  it('[TB10] a new table that another has written in is not undone', () => {
    const doc = new Y.Doc();
    const undo = new Y.UndoManager(doc.getText('body'), { deleteFilter: mayBeUndone });
    appendBlocks(doc.getText('body'), [{ type: 'atom', kind: 'table', props: { table: grid(['', '']) } }]);
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    type(markerOf(other), rowId(markerOf(other), 0), columnId(markerOf(other), 1), 'words');
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), 'network');
    undo.undo();
    expect(shown(markerOf(doc)).join()).toContain('words');
    addLines(markerOf(doc), 'row', {});
  });

  it('[TB11] survives anything a peer wrote', () => {
    const doc = new Y.Doc();
    const body = doc.getText('body');
    body.insertEmbed(
      0,
      new Y.Map<unknown>([
        ['id', 'a'],
        ['kind', 'table'],
        ['rows', 7],
        ['columns', 'x'],
      ]),
    );
    expect(shown(markerOf(doc))).toEqual([]);
    expect(() => addLines(markerOf(doc), 'row', {})).toThrow('cannot be edited');
    const { markers } = apart(grid(['a', 'b']), 1);
    const marker = markers[0]!;
    const cells = marker.get('cells') as Y.Map<unknown>;
    const rows = marker.get('rows') as Y.Map<unknown>;
    cells.set('x', new Y.Text('no place'));
    cells.set(`${rowId(marker, 0)}/${columnId(marker, 0)}/z/z`, new Y.Text('no place'));
    cells.set(`${rowId(marker, 0)}/${columnId(marker, 0)}/z`, 'no text');
    rows.set('odd', 5);
    rows.set('-', new Y.Map());
    rows.set(
      'odder',
      new Y.Map<unknown>([
        ['order', { a: 1 }],
        ['removed', { seen: [[1], 2, null] }],
      ]),
    );
    expect(shown(marker)).toEqual(['a|b']);
    const text = readTable(marker).texts(rowId(marker, 0), columnId(marker, 0))[0]!.text;
    text.insertEmbed(1, new Y.Map<unknown>([['kind', 'heading']]));
    text.insertEmbed(1, new Y.Array());
    expect(readTableContent(marker).rows[0]![0]).toEqual([...run('a'), { type: 'unknown' }, { type: 'unknown' }]);
  });

  it('[TB11] reads a bounded part of a huge table, and says how much lies beyond', () => {
    const { markers } = apart(grid(['a']), 1);
    const marker = markers[0]!;
    const lines = (name: string, count: number): string[] => {
      const part = marker.get(name) as Y.Map<unknown>;
      return Array.from({ length: count }, (_, at) => {
        part.set(`${name}${String(at)}`, new Y.Map<unknown>([['order', `a${String.fromCharCode(65 + (at % 26))}`]]));
        return `${name}${String(at)}`;
      });
    };
    marker.doc!.transact(() => {
      const columns = lines('columns', 299);
      const rows = lines('rows', 999);
      const cells = marker.get('cells') as Y.Map<unknown>;
      for (const row of rows) for (const column of columns.slice(0, 30)) cells.set(`${row}/${column}/x`, new Y.Text());
    });
    const table = readTable(marker);
    expect([table.columns.length, table.rows.length]).toEqual([100, 100]);
    expect(table.beyond).toEqual({ columns: 200, rows: 900 });
  });
});
