// The page editor as one thing: binding, screen, keys and all plugins around one page's body. It draws no menus and no toolbar. One file, for it is the list of what an editor can be asked.
import { EditorState, Plugin, Selection, type Command } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { systemClock, type Clock } from '../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import { bodyOf } from '../../../shared/model/document/roots.ts';
import { embedText } from '../../../shared/model/markdown/embeds.ts';
import type { Embed, NewBlock } from '../../../shared/model/page/block.ts';
import type { AnchorPiece } from '../../../shared/model/comments/read.ts';
import { PageBinding, pageBindingKey } from './binding/page-binding.ts';
import { addedSpace } from './added-space.ts';
import { changedBlocksPlugin } from './changed-blocks.ts';
import { emptyHintPlugin, orderedNumbersPlugin } from './block-decorations.ts';
import { blockUnder, blockWithId, carriedWith, type BlockOnScreen } from './block-under.ts';
import { idOf, indentOf, selectedBlocks } from './blocks.ts';
import { clipboardPlugin } from './clipboard/paste.ts';
import { caretBelow, enter } from './commands/enter.ts';
import { codeHighlighting } from './code/code-highlighting.ts';
import { codeReports, type CodeReport } from './code/code-report.ts';
import { linkAt } from './commands/marks.ts';
import { Finder, type FindReport } from './finder.ts';
import { foldingPlugin } from './folding.ts';
import { PageFactsWatch } from './page-facts.ts';
import { planDrop, type MovePlan } from './commands/move.ts';
import { commentAt, commentsPlugin, type CommentSource } from './comments.ts';
import { cursorsPlugin } from './cursors.ts';
import type { EditingHistory } from './editing-history.ts';
import { HeldView } from './held-view.ts';
import type { Hue } from './hue.ts';
import { markdownShortcuts } from './input-rules.ts';
import { pageKeys } from './keys.ts';
import { NodeViews, type NodeDrawings } from './node-views.ts';
import { openEmbeds } from './open-embeds.ts';
import { pointerPlugin } from './pointer.ts';
import { freshSelection } from './fresh-selection.ts';
import { goTo, goToPlugin } from './go-to.ts';
import { screenGroups } from './screen-groups.ts';
import { selectionReports, type SelectionReport } from './selection-report.ts';
import { slashSource, type SlashItem } from './slash-items.ts';
import { drawTable } from './table/table-drawing.ts';
import { selectedInCell, TableComments } from './table/table-comments.ts';
import { TableFinding } from './table/table-finding.ts';
import type { TableMenu } from './table/table-menu.ts';
import { tableEntrance, tableItem } from './table/table-plugin.ts';
import type { TableSurroundings } from './table/table-surroundings.ts';
import { triggerMenus, type TriggerMenu, type TriggerSource } from './trigger-menu.ts';
import { unreadCaret } from './unread-caret.ts';

export interface PageEditorOptions {
  /** Where the text appears; null to attach it later. */
  readonly mount: HTMLElement | null;
  readonly doc: Y.Doc;
  /** Presence of this document; null shows nobody and tells nothing. */
  readonly awareness: Awareness | null;
  readonly user: { readonly member: string; readonly name: string; readonly hue: Hue };
  /** The name to show for a member. */
  readonly names: (member: string) => string;
  /** Markdown of a clipboard as blocks. */
  readonly parseMarkdown: (text: string) => readonly NewBlock[];
  readonly editable?: boolean;
  readonly clock?: Clock;
  /** The comments of the page; without them none are shown. */
  readonly comments?: CommentSource;
  /** A binding that was kept, with its undo; without one the editor makes its own and disposes it. */
  readonly binding?: PageBinding;
  /** A link that is safe to open was asked for: http, https, mailto or `page:`. */
  readonly onOpenLink?: (href: string) => void;
  /** Who draws blocks without text and inline things. */
  readonly drawings?: NodeDrawings;
  /** Further rows of the slash menu. */
  readonly slashItems?: readonly SlashItem[];
  /** Further signs that open a menu while one writes. */
  readonly triggers?: readonly TriggerSource[];
  /** Asked before the editor's own for keys, pasting and dropping. */
  readonly plugins?: readonly Plugin[];
  /** The menu that a sign in the text has opened, or null. */
  readonly onMenu?: (menu: TriggerMenu | null) => void;
  /** What an inline thing says in text for other programs; default: its id. */
  readonly embedText?: (embed: Embed) => string;
  /** An inline thing was clicked, or Enter pressed on it. */
  readonly onOpenEmbed?: (embed: Embed) => void;
  readonly onSelection?: (selection: SelectionReport | null) => void;
  /** The code block that the caret is in, or null. */
  readonly onCode?: (report: CodeReport | null) => void;
  /** How many matches there are, and which is the current one. */
  readonly onFind?: (report: FindReport) => void;
  /** The menu of a cell, a row or a column of a table. */
  readonly onTableMenu?: (menu: TableMenu) => void;
  /** Words for a screen reader about what moved. */
  readonly say?: (words: string) => void;
  /** The caret leaves the text upwards: ArrowUp on the first line, Backspace at the very start. */
  readonly onLeaveTop?: () => void;
  /** Mod+/: somebody wants the menu of the selected block. */
  readonly onBlockMenu?: () => void;
  /** Mod+K over selected text or in a link; gets the present address. Without it the keys stay free. */
  readonly onEditLink?: (href: string | null) => void;
}

/** One page on the screen. Owner disposes it; `attach` and `detach` move it between mounts without losing anything. */
export class PageEditor implements Disposable {
  readonly binding: PageBinding;
  /** Headings and counts, for who watches. */
  readonly facts: PageFactsWatch;
  /** Find and replace. */
  readonly finder: Finder;
  readonly #view: EditorView;
  readonly #host: HeldView;
  readonly #store = new DisposableStore();
  readonly #drawn: NodeViews;
  readonly #tables: TableSurroundings;
  readonly #inCells: TableComments;
  #editable: boolean;

  constructor(options: PageEditorOptions) {
    const kept = options.binding;
    this.binding = kept ?? new PageBinding({ body: bodyOf(options.doc) });
    if (!kept) this.#store.add(this.binding);
    this.#editable = options.editable ?? true;
    this.facts = new PageFactsWatch(options.clock ?? systemClock);
    const clock = options.clock ?? systemClock;
    this.#tables = this.#tableSurroundings(options, clock);
    this.#inCells = new TableComments(this.#tables.views, options.doc, () => this.#view.dom);
    const inTables = new TableFinding(this.#tables.views, this.binding);
    this.finder = new Finder(
      this.#history(),
      clock,
      inTables,
      (ranges, cells, text) => {
        // While a composition holds the screen back, what it shows is not what is stored.
        if (this.#host.settled) this.binding.replaceTexts(ranges, text, () => inTables.replace(cells, text));
      },
      options.onFind ?? (() => undefined),
    );
    this.#drawn = new NodeViews({ table: drawTable(this.#tables), ...options.drawings }, this.binding);
    options.awareness?.setLocalStateField('user', { member: options.user.member });
    this.#view = new EditorView(null, {
      state: EditorState.create({ doc: this.binding.initialDoc(), plugins: this.#plugins(options, clock) }),
      editable: () => this.#editable,
      nodeViews: this.#drawn.constructors,
      // The caret keeps some lines of air, as the last line of a page is where people write.
      scrollThreshold: 48,
      scrollMargin: 72,
      attributes: { class: 'page-text', role: 'textbox', 'aria-multiline': 'true', 'aria-label': 'Page text' },
      // Until the host stands, which is below, nothing dispatches.
      dispatchTransaction: (tr) => this.#host.dispatchFromView(tr),
      handleDOMEvents: {
        compositionend: () => {
          this.#host.compositionEnded();
          return false;
        },
      },
    });
    this.#host = this.#store.add(
      new HeldView(
        this.#view,
        clock,
        () => this.binding.flush(),
        () => unreadCaret(this.#view),
      ),
    );
    this.#store.add(this.binding.connect(this.#host));
    if (options.mount) this.attach(options.mount);
  }

  /** The true state of the page's text. */
  get state(): EditorState {
    return this.#host.state;
  }

  /** The element that holds the text. */
  get dom(): HTMLElement {
    return this.#view.dom;
  }

  get hasFocus(): boolean {
    return this.#view.dom.contains(document.activeElement);
  }

  /** Puts the text into an element; it leaves the one where it was. */
  attach(mount: HTMLElement): void {
    mount.append(this.#view.dom);
    this.#inCells.changed();
  }

  /** Takes the text off the screen; edits of others go on arriving. */
  detach(): void {
    this.#view.dom.blur();
    this.#view.dom.remove();
  }

  setEditable(editable: boolean): void {
    this.#editable = editable;
    this.#view.setProps({});
    this.#drawn.refresh();
  }

  focus(): void {
    this.#view.focus();
  }

  focusStart(): void {
    this.#focusAt((state) => Selection.atStart(state.doc));
  }

  focusEnd(): void {
    this.#focusAt((state) => Selection.atEnd(state.doc));
  }

  /** Writes paragraphs at the start of the page, as if they were typed there. */
  writeFrom(paragraphs: readonly string[]): void {
    this.focusStart();
    for (const [index, words] of paragraphs.entries()) {
      if (index > 0) this.run(enter);
      this.run((state, dispatch) => {
        dispatch?.(state.tr.insertText(words).scrollIntoView());
        return true;
      });
    }
  }

  /** The caret into a new paragraph behind everything, or into the empty one that is there. */
  focusBelow(): void {
    this.run(caretBelow);
    this.#view.focus();
  }

  /** Goes to a block by its id, or to a heading by what it says; false when there is none, and then nothing moves. */
  goTo(anchor: string): boolean {
    return goTo(this.#view, anchor);
  }

  undo(): boolean {
    return this.binding.undo();
  }

  redo(): boolean {
    return this.binding.redo();
  }

  /** Runs a command on what the screen shows; false when it does not apply. */
  run(command: Command): boolean {
    return command(this.#view.state, this.#view.dispatch.bind(this.#view), this.#view);
  }

  /** The text that is selected inside one block, to look for; '' for none. */
  textToFind(): string {
    const { $from, $to } = this.#view.state.selection;
    return $from.sameParent($to) && $from.parent.isTextblock
      ? $from.parent.textBetween($from.parentOffset, $to.parentOffset)
      : '';
  }

  /** The block at a height of the window, or null. */
  blockUnder(clientY: number): BlockOnScreen | null {
    return blockUnder(this.#view, clientY);
  }

  /** The block that the selection begins in, where it is on the screen. */
  selectedBlock(): BlockOnScreen | null {
    const block = selectedBlocks(this.#view.state).at(0);
    return block ? blockWithId(this.#view, idOf(block.node)) : null;
  }

  /** What a handle beside the block with this index moves. */
  carriedWith(index: number): { readonly from: number; readonly to: number } {
    return carriedWith(this.#view, index);
  }

  /** Whether there are pictures or files in a run of blocks. */
  holdsFiles(from: number, to: number): boolean {
    const blocks = this.#host.state.doc.content.content.slice(from, to);
    return blocks.some(({ type }) => type.name === 'image' || type.name === 'file');
  }

  /** The last block of the page, where it is on the screen. */
  lastBlock(): BlockOnScreen | null {
    const { lastChild } = this.#view.state.doc;
    return lastChild && blockWithId(this.#view, idOf(lastChild));
  }

  /** Where a run of blocks would land in front of `target`, with its level there; null where it stays. */
  planDrop(from: number, to: number, target: number, indent: number): { readonly level: number } | null {
    const { doc } = this.#host.state;
    const plan = planDrop(doc, from, to, target, indent);
    return plan && { level: indentOf(doc.child(from)) + plan.indent };
  }

  /** Drops a run of blocks in front of the block at `target`, at the level nearest to `indent`; false where it stays. */
  drop(from: number, to: number, target: number, indent: number): boolean {
    const plan = planDrop(this.#host.state.doc, from, to, target, indent);
    return plan !== null && this.#move(plan);
  }

  /** The selected text to comment on, with its words; null where no text is selected. */
  selectedText(): { readonly anchor: readonly AnchorPiece[]; readonly quote: string } | null {
    const { cell } = this.#tables.focus;
    if (cell) return selectedInCell(cell);
    const { doc, selection } = this.#host.state;
    if (selection.empty) return null;
    const anchor = this.binding.anchorOf(selection.from, selection.to);
    const quote = doc.textBetween(selection.from, selection.to, ' ', ' ').trim();
    return anchor.length === 0 || quote === '' ? null : { anchor, quote };
  }

  /** The caret goes behind what is selected. */
  deselect(): void {
    this.runOnSelection((state, dispatch) => {
      dispatch?.(state.tr.setSelection(Selection.near(state.selection.$to, -1)));
      return true;
    });
  }

  /** The comment at the caret, or null. */
  commentAtCaret(): string | null {
    const { cell } = this.#tables.focus;
    if (cell) return this.#inCells.at(cell.text, cell.state.selection.from - 1);
    const { state } = this.#view;
    return commentAt(state, state.selection.from);
  }

  /** Brings the words of a comment, which begin at a position, into sight. */
  showComment(id: string, position: number): void {
    if (!this.#inCells.reveal(id)) this.showPosition(position);
  }

  /** Scrolls a position into sight without taking the focus or moving the caret. */
  showPosition(position: number): void {
    const { node } = this.#view.domAtPos(Math.min(position, this.#view.state.doc.content.size));
    const element = node instanceof Element ? node : node.parentElement;
    element?.scrollIntoView({ block: 'center' });
  }

  /** The same for what is selected, which may be text in a cell of a table: marks and links. */
  runOnSelection(command: Command): boolean {
    const view = this.#tables.focus.cell?.view ?? this.#view;
    return command(view.state, view.dispatch.bind(view), view);
  }

  /** The focus back to the text that is selected. */
  focusSelection(): void {
    (this.#tables.focus.cell?.view ?? this.#view).focus();
  }

  dispose(): void {
    this.#view.destroy();
    this.#store.dispose();
  }

  #focusAt(where: (state: EditorState) => Selection): void {
    this.#view.dispatch(this.#view.state.tr.setSelection(where(this.#view.state)).scrollIntoView());
    this.#view.focus();
  }

  #history(): EditingHistory {
    const { binding } = this;
    return {
      undo: () => binding.undo(),
      redo: () => binding.redo(),
      stopCapturing: () => binding.stopCapturing(),
      isRemote: (tr) => tr.getMeta(pageBindingKey) !== undefined,
    };
  }

  #tableSurroundings(options: PageEditorOptions, clock: Clock): TableSurroundings {
    const nothing = (): void => undefined;
    return {
      page: this.binding,
      history: this.#history(),
      clock,
      awareness: options.awareness,
      member: options.user.member,
      names: options.names,
      drawings: options.drawings ?? {},
      embedViews: () => this.#drawn.constructors,
      editable: () => this.#editable,
      hasFocus: () => this.hasFocus,
      say: options.say ?? nothing,
      onMenu: options.onTableMenu ?? nothing,
      onOpenLink: options.onOpenLink ?? nothing,
      onOpenEmbed: options.onOpenEmbed ?? nothing,
      onLeaveTop: options.onLeaveTop ?? nothing,
      onEditLink: () => this.#editLink(options),
      onSelection: options.onSelection ?? null,
      onTrigger: options.onMenu ?? nothing,
      triggers: options.triggers ?? [],
      views: new Map(),
      focus: { cell: null },
      onCells: () => {
        this.finder.tableChanged();
        this.#inCells.changed();
      },
      onCellClick: (text, offset) => {
        const id = this.#inCells.at(text, offset);
        if (id !== null) options.comments?.picked(id);
      },
    };
  }

  #editLink({ onEditLink }: PageEditorOptions): boolean {
    const { state } = this.#tables.focus.cell?.view ?? this.#view;
    const href = linkAt(state);
    if (!onEditLink || (state.selection.empty && href === null)) return false;
    onEditLink(href);
    return true;
  }

  #plugins(options: PageEditorOptions, clock: Clock): Plugin[] {
    const { binding } = this;
    const history = this.#history();
    const { onMenu, onSelection, awareness } = options;
    // The binding connects to the held view, not to the screen.
    const { view: _view, ...stored } = binding.plugin().spec;
    return [
      new Plugin(stored),
      // Before all that measures what is drawn.
      screenGroups(),
      freshSelection(),
      addedSpace(history),
      ...(options.plugins ?? []),
      triggerMenus(
        [slashSource([tableItem(this.#tables), ...(options.slashItems ?? [])]), ...(options.triggers ?? [])],
        history,
        onMenu ?? (() => undefined),
      ),
      markdownShortcuts(history),
      clipboardPlugin({ history, parseMarkdown: options.parseMarkdown, embedText: options.embedText ?? embedText }),
      pointerPlugin(options.onOpenLink ?? (() => undefined)),
      tableEntrance(this.#tables),
      openEmbeds(options.onOpenEmbed ?? (() => undefined)),
      ...pageKeys({
        history,
        move: (plan) => this.#move(plan),
        onLeaveTop: options.onLeaveTop ?? (() => undefined),
        onBlockMenu: options.onBlockMenu ?? (() => undefined),
        onEditLink: () => this.#editLink(options),
      }),
      foldingPlugin(),
      this.finder.plugin(),
      this.facts.plugin(),
      codeHighlighting(clock),
      ...(options.onCode ? [codeReports(options.onCode)] : []),
      orderedNumbersPlugin(),
      emptyHintPlugin(),
      changedBlocksPlugin(),
      goToPlugin(clock),
      ...(onSelection ? [selectionReports(onSelection)] : []),
      ...(options.comments
        ? [
            commentsPlugin({
              source: options.comments,
              clock,
              rangesOf: (anchors) => binding.rangesOf(anchors),
              cells: this.#inCells,
              settled: () => this.#host.settled,
            }),
          ]
        : []),
      ...(awareness
        ? [
            cursorsPlugin({
              awareness,
              clock,
              names: options.names,
              selection: () => this.#host.state.selection,
              settled: () => this.#host.settled,
              toRelative: (pos) => binding.toRelative(pos),
              fromRelative: (relative) => binding.fromRelative(relative),
            }),
          ]
        : []),
    ];
  }

  #move(plan: MovePlan): boolean {
    const { doc } = this.#host.state;
    const ids: string[] = [];
    for (let index = plan.from; index < plan.to; index++) ids.push(idOf(doc.child(index)));
    this.binding.move(ids, plan.target, plan.indent);
    return true;
  }
}
