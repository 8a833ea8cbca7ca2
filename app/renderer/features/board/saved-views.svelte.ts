// The saved views of one board as its bar works with them: those of everybody and my own, and the one that was picked. It draws nothing.
import {
  addView,
  ownViews,
  readViews,
  removeView,
  renameView,
  restoreView,
  saveView,
  sharedViews,
  type SavedView,
} from '../../../../shared/model/board/views.ts';
import { sameLook } from '../../../../shared/model/board/look.ts';
import type { PersonalDocument } from '../../documents/personal-document.svelte.ts';
import { failureWords } from '../../window/failure.ts';
import type { Services } from '../../window/services.ts';
import { count } from '../../window/times.ts';
import type { BoardModel } from './board-model.svelte.ts';

export interface ShownView extends SavedView {
  /** Among all of a board, mine and everybody's. */
  readonly key: string;
  readonly mine: boolean;
  /** Two of one name are told apart. */
  readonly label: string;
}

export class SavedViews {
  readonly #model: BoardModel;
  readonly #own: PersonalDocument;
  readonly #board: string;
  readonly #services: Pick<Services, 'announcer' | 'toasts'>;
  readonly all = $derived.by((): readonly ShownView[] => [
    ...shown(this.#model.board.views, false),
    ...shown(readViews(ownViews(this.#own.current, this.#board)), true),
  ]);
  readonly picked = $derived.by((): ShownView | null => {
    const key = this.#model.settings.picked?.key;
    return this.all.find((view) => view.key === key) ?? null;
  });
  /** What I changed of it since I picked it. */
  readonly changed = $derived.by(() => {
    const { picked, look } = this.#model.settings;
    return this.picked !== null && picked !== null && !sameLook(look, picked.base);
  });

  constructor(
    model: BoardModel,
    own: PersonalDocument,
    board: string,
    services: Pick<Services, 'announcer' | 'toasts'>,
  ) {
    this.#model = model;
    this.#own = own;
    this.#board = board;
    this.#services = services;
  }

  /** Whether what is saved under it can be changed here. */
  mayChange(view: ShownView): boolean {
    return view.mine ? this.#own.writable : this.#model.actions.writable;
  }

  get mayShare(): boolean {
    return this.#model.actions.writable;
  }

  pick(view: ShownView): void {
    this.#model.settings.pick(view.key, view.look);
    this.#services.announcer.say(`${view.label}: ${count(this.#model.order.length, 'card')} shown`);
  }

  /** Goes on with what is shown, as no view. */
  letGo(): void {
    this.#model.settings.pick(null);
  }

  /** What somebody else saved under the view that I picked is shown, unless I changed what I see. */
  follow(): void {
    const { picked, settings } = { picked: this.picked, settings: this.#model.settings };
    if (!picked || !settings.picked || this.changed || sameLook(picked.look, settings.picked.base)) return;
    settings.pick(picked.key, picked.look);
  }

  save(): void {
    const { picked } = this;
    if (!picked) return;
    const { look } = this.#model.settings;
    const before = picked.look;
    const done = this.#do(picked.mine, (shelf, origin) => {
      saveView(shelf, picked.id, look, origin);
      return true;
    });
    if (!done) return;
    this.#model.settings.pick(picked.key, look);
    this.#services.toasts.show(`Saved in “${picked.name}”`, {
      label: 'Undo',
      run: () => void this.#do(picked.mine, (shelf, origin) => saveView(shelf, picked.id, before, origin)),
    });
  }

  /** Why it was not saved, or null. */
  saveAs(name: string, mine: boolean): string | null {
    const { look } = this.#model.settings;
    return this.#attempt(mine, (shelf, origin) => {
      const id = addView(shelf, { name, look }, origin);
      this.#model.settings.pick(keyOf(id, mine), look);
      this.#services.announcer.say(`Saved the view ${name.trim()}`);
    });
  }

  rename(view: ShownView, name: string): string | null {
    return this.#attempt(view.mine, (shelf, origin) => renameView(shelf, view.id, name, origin));
  }

  remove(view: ShownView): void {
    const { doing } = this.#model.actions;
    const done = this.#do(view.mine, (shelf, origin) => {
      removeView(shelf, view.id, doing, origin);
      return true;
    });
    if (!done) return;
    this.#services.toasts.show(`Deleted the view “${view.name}”`, {
      label: 'Undo',
      run: () => void this.#do(view.mine, (shelf, origin) => restoreView(shelf, view.id, origin)),
    });
  }

  #do<T>(mine: boolean, change: (shelf: ReturnType<typeof sharedViews>, origin: object) => T): T | null {
    let done: T | null = null;
    const failed = this.#attempt(mine, (shelf, origin) => {
      done = change(shelf, origin);
    });
    if (failed !== null) this.#services.toasts.fail(failed);
    return done;
  }

  #attempt(mine: boolean, change: (shelf: ReturnType<typeof sharedViews>, origin: object) => void): string | null {
    const { actions } = this.#model;
    if (mine ? !this.#own.writable : !actions.writable)
      return 'You may read this board, not change it. Nothing was saved.';
    try {
      if (mine) this.#own.write((doc, origin) => change(ownViews(doc, this.#board), origin));
      else actions.step((doc, origin) => change(sharedViews(doc), origin));
      return null;
    } catch (error) {
      return failureWords(error);
    }
  }
}

function keyOf(id: string, mine: boolean): string {
  return `${mine ? 'own' : 'all'}/${id}`;
}

function shown(views: readonly SavedView[], mine: boolean): ShownView[] {
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- local to this call
  const used = new Map<string, number>();
  return views.map((view) => {
    const name = view.name.trim() || 'View without a name';
    const before = used.get(name) ?? 0;
    used.set(name, before + 1);
    const label = before === 0 ? name : `${name} (${String(before + 1)})`;
    return { ...view, key: keyOf(view.id, mine), mine, label };
  });
}
