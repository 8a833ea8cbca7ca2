// Find and replace in one page: matches, the current one, and their highlights. The text itself is not touched for showing
// them: they are painted as highlights of the browser, only where they are in sight. The bar is not drawn here.
import { NodeSelection, Plugin, TextSelection, type Transaction } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { blockUnder } from './block-under.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { TextRange } from './binding/local-edit.ts';
import type { EditingHistory } from './editing-history.ts';
import { matchesInBlocks, matchFrom, sameMatch, Search, type CellMatch, type Match } from './matches.ts';
import type { TableFinding } from './table/table-finding.ts';

export interface FindReport {
  readonly count: number;
  /** Number of the current match from 1; 0 where there is none. */
  readonly current: number;
}

type ReplaceAll = (ranges: readonly TextRange[], cells: readonly CellMatch[], text: string) => void;

const ALL = 'page-find';
const CURRENT = 'page-find-current';
/** Blocks above and below the sight that are painted, too. */
const SLACK = 4;
/** After this long without a change new matches are painted. */
const REST_MS = 120;
/** Air above and below a match that is scrolled to. */
const AIR = 96;

export class Finder {
  readonly #history: EditingHistory;
  readonly #clock: Clock;
  readonly #tables: TableFinding;
  readonly #replaceAll: ReplaceAll;
  readonly #onReport: (report: FindReport) => void;
  #view: EditorView | null = null;
  #search: Search | null = null;
  #matches: readonly Match[] = [];
  #current = -1;
  #painting = false;
  #resting: Disposable | null = null;

  /** @param replaceAll puts a text in the place of many ranges of the text and of cells, as one undo step. */
  constructor(
    history: EditingHistory,
    clock: Clock,
    tables: TableFinding,
    replaceAll: ReplaceAll,
    onReport: (report: FindReport) => void,
  ) {
    this.#history = history;
    this.#clock = clock;
    this.#tables = tables;
    this.#replaceAll = replaceAll;
    this.#onReport = onReport;
  }

  plugin(): Plugin {
    return new Plugin({
      appendTransaction: (transactions) => {
        if (this.#search && transactions.some((tr) => tr.docChanged)) this.#follow(transactions);
        return null;
      },
      view: (view) => {
        this.#view = view;
        return {
          update: (now, before) => {
            if (!this.#search || before.doc === now.state.doc) return;
            this.#read();
            this.#report();
            this.#paintLater();
          },
          destroy: () => {
            this.close();
            this.#view = null;
          },
        };
      },
    });
  }

  /** Looks for a text; the current match is the first one from the caret on. '' shows none. */
  search(query: string, matchCase: boolean): void {
    const view = this.#view;
    if (!view) return;
    if (!this.#search) addEventListener('scroll', this.#paintSoon, { capture: true, passive: true });
    this.#search = new Search(query, matchCase, (table) => this.#tables.cells(table));
    this.#matches = this.#search.in(view.state.doc);
    this.#current = matchFrom(this.#matches, view.state.selection.from);
    this.#reveal();
    this.#tell();
  }

  /** The next match, or the one before; from the last one on to the first. */
  go(direction: 1 | -1): void {
    const count = this.#matches.length;
    if (count === 0) return;
    this.#current = (this.#current + direction + count) % count;
    this.#reveal();
    this.#tell();
  }

  /** Puts a text in the place of the current match and goes to the next one. */
  replace(text: string): boolean {
    const match = this.#matches[this.#current];
    const view = this.#view;
    if (!match || !view?.editable) return false;
    this.#history.stopCapturing();
    const { cell } = match;
    if (cell) this.#tables.replace([cell], text);
    else view.dispatch(view.state.tr.insertText(text, match.from, match.to));
    this.#history.stopCapturing();
    const behind = cell && { ...cell, start: cell.start + text.length };
    this.#at = match.from + (cell ? 0 : text.length);
    this.#read(behind);
    this.#reveal();
    this.#tell();
    return true;
  }

  /** Puts a text in the place of every match, as one undo step; answers how many there were. */
  replaceAll(text: string): number {
    const view = this.#view;
    const matches = this.#matches;
    if (!view?.editable || matches.length === 0) return 0;
    const { doc } = view.state;
    let index = 0;
    let start = 1;
    const ranges = matches.flatMap(({ block, from, to, cell }) => {
      if (cell) return [];
      for (; index < block; index += 1) start += doc.child(index).nodeSize;
      return [{ block, from: from - start, to: to - start }];
    });
    const cells = matches.flatMap(({ cell }) => cell ?? []);
    this.#replaceAll(ranges, cells, text);
    this.#read();
    this.#current = matchFrom(this.#matches, 0);
    this.#reveal();
    this.#tell();
    return matches.length;
  }

  /** The caret goes to the current match where that is in a table; false where the text has it selected. */
  enterTable(): boolean {
    const cell = this.#matches[this.#current]?.cell;
    if (cell) this.#tables.enter(cell);
    return cell !== undefined && cell !== null;
  }

  close(): void {
    if (!this.#search) return;
    this.#search = null;
    this.#resting?.dispose();
    this.#resting = null;
    this.#matches = [];
    this.#current = -1;
    removeEventListener('scroll', this.#paintSoon, { capture: true });
    CSS.highlights.delete(ALL);
    CSS.highlights.delete(CURRENT);
  }

  /** The current match stays the same one while others write above it. */
  #follow(transactions: readonly Transaction[]): void {
    let at = this.#matches[this.#current]?.from;
    if (at === undefined) return;
    for (const tr of transactions) at = tr.mapping.map(at, -1);
    this.#at = at;
  }
  #at = 0;

  #read(cell = this.#matches[this.#current]?.cell ?? null): void {
    const view = this.#view;
    if (!view || !this.#search) return;
    this.#matches = this.#search.in(view.state.doc);
    this.#current = sameMatch(this.#matches, this.#at, cell, Math.max(0, this.#current));
  }

  /** The words in a table changed: they are no part of the text that the plugin watches. */
  tableChanged(): void {
    if (!this.#search || this.#rereading) return;
    this.#rereading = true;
    queueMicrotask(() => {
      this.#rereading = false;
      if (!this.#search) return;
      this.#read();
      this.#report();
      this.#paintLater();
    });
  }
  #rereading = false;

  #tell(): void {
    this.#paintSoon();
    this.#report();
  }

  #report(): void {
    this.#onReport({ count: this.#matches.length, current: this.#current + 1 });
  }

  /** What is painted goes with the text by itself; only new and lost matches wait until the keys rest. */
  #paintLater(): void {
    this.#resting?.dispose();
    this.#resting = this.#clock.after(REST_MS, this.#paintSoon);
  }

  /** Selects the current match, which opens what is folded around it, and brings it into sight. */
  #reveal(): void {
    const view = this.#view;
    const match = this.#matches[this.#current];
    if (!view || !match) return;
    this.#at = match.from;
    const { doc } = view.state;
    const selection = match.cell
      ? NodeSelection.create(doc, match.from)
      : TextSelection.create(doc, match.from, match.to);
    view.dispatch(view.state.tr.setSelection(selection));
    const scroller = scrollerOf(view.dom);
    const box = scroller.getBoundingClientRect();
    const range = match.cell && this.#tables.range(match.cell);
    // A wide table scrolls inside itself.
    range?.startContainer.parentElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const { top, bottom } = range?.getBoundingClientRect() ?? view.coordsAtPos(match.from, 1);
    if (top < box.top + AIR || bottom > box.bottom - AIR) {
      scroller.scrollBy({ top: top - box.top - box.height / 3, behavior: 'instant' });
    }
  }

  #rangeOf(view: EditorView, match: Match): Range | null {
    return match.cell ? this.#tables.range(match.cell) : textRange(view, match);
  }

  readonly #paintSoon = (): void => {
    if (this.#painting) return;
    this.#painting = true;
    requestAnimationFrame(() => {
      this.#painting = false;
      this.#paint();
    });
  };

  #paint(): void {
    const view = this.#view;
    if (!view || !this.#search) return;
    const box = scrollerOf(view.dom).getBoundingClientRect();
    const text = view.dom.getBoundingClientRect();
    const top = blockUnder(view, Math.max(box.top, text.top) + 4)?.index ?? 0;
    const bottom = blockUnder(view, Math.min(box.bottom, text.bottom) - 4)?.index ?? view.state.doc.childCount;
    const seen = matchesInBlocks(this.#matches, top - SLACK, bottom + SLACK);
    const current = this.#matches[this.#current];
    const ranges = (matches: readonly Match[]): Highlight =>
      new Highlight(...matches.flatMap((match) => this.#rangeOf(view, match) ?? []));
    CSS.highlights.set(ALL, ranges(seen.filter((match) => match !== current)));
    CSS.highlights.set(CURRENT, ranges(seen.filter((match) => match === current)));
  }
}

function textRange(view: EditorView, { from, to }: Match): Range {
  const range = document.createRange();
  const start = view.domAtPos(from, 1);
  const end = view.domAtPos(to, -1);
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  return range;
}

function scrollerOf(element: HTMLElement): HTMLElement {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return document.documentElement;
}
