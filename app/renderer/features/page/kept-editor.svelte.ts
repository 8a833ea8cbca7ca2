// A page's editor that outlives the screen it stands on, with its undo; what it reports goes to whoever shows it now.
import * as Y from 'yjs';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import { titleOf } from '../../../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../../../shared/model/markdown/parse-markdown.ts';
import type { DocumentHandle } from '../../documents/document-handle.ts';
import type { CodeReport } from '../../editor/code/code-report.ts';
import type { FindReport } from '../../editor/finder.ts';
import { hueOf } from '../../editor/hue.ts';
import type { CommentSource } from '../../editor/comments.ts';
import { PageEditor } from '../../editor/page-editor.ts';
import type { SelectionReport } from '../../editor/selection-report.ts';
import type { TableMenu } from '../../editor/table/table-menu.ts';
import type { PageParts } from './parts/parts.ts';
import type { TriggerMenu } from '../../editor/trigger-menu.ts';

/** What the screen that shows the editor does for it. */
export interface EditorScreen {
  openLink(href: string): void;
  leaveTop(): void;
  editLink(href: string | null): void;
  openBlockMenu(): void;
}

const TITLE_STEPS_WITHIN = 500;

export class KeptEditor implements Disposable {
  readonly editor: PageEditor;
  readonly titleUndo: Y.UndoManager;
  readonly parts: PageParts;
  #screen: EditorScreen | null = null;
  #menu = $state.raw<TriggerMenu | null>(null);
  #tableMenu = $state.raw<TableMenu | null>(null);
  #selection = $state.raw<SelectionReport | null>(null);
  #code = $state.raw<CodeReport | null>(null);
  #found = $state.raw<FindReport>({ count: 0, current: 0 });

  constructor(
    handle: DocumentHandle,
    user: { readonly member: string; readonly name: string },
    names: (member: string) => string,
    parts: PageParts,
    comments: CommentSource,
    say: (words: string) => void,
  ) {
    this.parts = parts;
    this.titleUndo = new Y.UndoManager(titleOf(handle.doc), {
      // eslint-disable-next-line svelte/prefer-svelte-reactivity -- Yjs's own, never watched
      trackedOrigins: new Set(),
      captureTimeout: TITLE_STEPS_WITHIN,
    });
    this.editor = new PageEditor({
      mount: null,
      doc: handle.doc,
      awareness: handle.awareness,
      user: { ...user, hue: hueOf(user.member) },
      names,
      comments,
      parseMarkdown: (text) => parseMarkdown(text).blocks,
      drawings: parts.drawings,
      slashItems: parts.slashItems,
      triggers: parts.triggers,
      plugins: parts.plugins,
      embedText: (embed) => parts.embedText(embed),
      onOpenEmbed: (embed) => parts.openEmbed(embed),
      onOpenLink: (href) => this.#screen?.openLink(href),
      onMenu: (menu) => (this.#menu = menu),
      onCode: (code) => (this.#code = code),
      onFind: (found) => (this.#found = found),
      onTableMenu: (menu) => (this.#tableMenu = menu),
      say,
      onSelection: (selection) => (this.#selection = selection),
      onLeaveTop: () => this.#screen?.leaveTop(),
      onBlockMenu: () => this.#screen?.openBlockMenu(),
      onEditLink: (href) => this.#screen?.editLink(href),
    });
  }

  get menu(): TriggerMenu | null {
    return this.#menu;
  }
  get code(): CodeReport | null {
    return this.#code;
  }
  get found(): FindReport {
    return this.#found;
  }
  /** The menu of a table, with its closing. */
  get tableMenu(): TableMenu | null {
    return this.#tableMenu;
  }
  closeTableMenu(): void {
    this.#tableMenu = null;
  }
  get selection(): SelectionReport | null {
    return this.#selection;
  }

  /** Puts the text into `mount`; the returned function takes it off again and keeps it. */
  show(mount: HTMLElement, screen: EditorScreen): () => void {
    this.#screen = screen;
    this.editor.attach(mount);
    return () => {
      if (this.#screen === screen) this.#screen = null;
      this.#menu = null;
      this.#tableMenu = null;
      this.#selection = null;
      this.#code = null;
      this.editor.finder.close();
      this.editor.detach();
    };
  }

  dispose(): void {
    this.titleUndo.destroy();
    this.editor.dispose();
  }
}
