// What a table's view is given by the page editor around it: types alone.
import type { NodeViewConstructor } from 'prosemirror-view';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { Clock } from '../../../../shared/base/clock.ts';
import type { Embed, NewInline } from '../../../../shared/model/page/block.ts';
import type { Table } from '../../../../shared/model/page/table-read.ts';
import type { PageBinding } from '../binding/page-binding.ts';
import type { EditingHistory } from '../editing-history.ts';
import type { NodeDrawings } from '../node-views.ts';
import type { SelectionReport } from '../selection-report.ts';
import type { TriggerMenu, TriggerSource } from '../trigger-menu.ts';
import type { CellEditor } from './cell-editor.ts';
import type { TableMenu } from './table-menu.ts';
import type { CellMoves } from './cell-keys.ts';
import type { TableActions } from './table-actions.ts';
import type { TableGrid } from './table-grid.ts';
import type { MenuAbout } from './table-menu.ts';
import type { CellRange, Place } from './table-range.ts';

/** Where the caret goes in a cell. */
export type Where = 'start' | 'end' | 'all' | { readonly left: number; readonly top: number };

/** A table on the screen, as its pointer, its clipboard and the page's keys know it. */
export interface ShownTable extends CellMoves {
  readonly dom: HTMLElement;
  readonly grid: TableGrid;
  readonly actions: TableActions;
  readonly table: Table;
  readonly editable: boolean;
  /** The cells that are selected: several, or the one with the caret. */
  readonly range: CellRange | null;
  readonly selectsCells: boolean;
  /** The cell with the caret. */
  readonly place: Place | null;
  readonly cellEditor: CellEditor | null;
  /** Puts the caret into a cell; of several texts in it into number `part`. */
  enter(place: Place, where: Where, part?: number | null): void;
  /** Selects several cells; null ends that. */
  selectCells(range: CellRange | null): void;
  openMenu(about?: MenuAbout, anchor?: HTMLElement | null): void;
  tickAt(place: Place, part: number, number: number): void;
  /** Puts cells from elsewhere in from a place on, and selects them. */
  fillFrom(place: Place, grid: readonly (readonly (readonly NewInline[])[])[]): void;
}

export interface TableSurroundings {
  readonly page: PageBinding;
  readonly history: EditingHistory;
  readonly clock: Clock;
  readonly awareness: Awareness | null;
  readonly member: string;
  /** The name to show for a member. */
  readonly names: (member: string) => string;
  /** Who draws inline things. */
  readonly drawings: NodeDrawings;
  /** The same as views of an editor. */
  readonly embedViews: () => Readonly<Record<string, NodeViewConstructor>>;
  readonly editable: () => boolean;
  /** Whether the page's text, or a cell of it, has the focus. */
  readonly hasFocus: () => boolean;
  /** To a screen reader. */
  readonly say: (words: string) => void;
  readonly onMenu: (menu: TableMenu) => void;
  readonly onOpenLink: (href: string) => void;
  readonly onOpenEmbed: (embed: Embed) => void;
  /** The caret leaves a table that is the page's first block upwards. */
  readonly onLeaveTop: () => void;
  /** Mod+K in a cell; false when there is nothing to link. */
  readonly onEditLink: () => boolean;
  readonly onSelection: ((selection: SelectionReport | null) => void) | null;
  /** Signs that open a menu while one writes: people and pages, but no blocks. */
  readonly triggers: readonly TriggerSource[];
  readonly onTrigger: (menu: TriggerMenu | null) => void;
  /** The tables on the screen by block id. */
  readonly views: Map<string, ShownTable>;
  /** The one cell with the caret; commands of toolbars are for it. */
  readonly focus: { cell: CellEditor | null };
  /** Cells were drawn anew: their words, rows or columns changed, or one is written in. */
  readonly onCells: () => void;
  /** A place in the text of the cell that is written in was clicked. */
  readonly onCellClick: (text: Y.Text | null, offset: number) => void;
}
