// What can be asked of pages and spaces from the tree, the palette and the page: calls, with what is said when they fail.
import { subtree } from '../../../../shared/model/document/tree.ts';
import type { DocEntry, SpaceEntry } from '../../../contract/entities.ts';
import type { Services } from '../../window/services.ts';
import { count } from '../../window/times.ts';
import type { Place } from './rows.ts';

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** All of one workspace. Failures are shown as toasts; nothing here throws. */
export class PageCommands {
  readonly #services: Services;
  readonly #workspace: string;

  constructor(services: Services, workspace: string) {
    this.#services = services;
    this.#workspace = workspace;
  }

  /** Makes a page and opens it with the caret in its title. */
  async create(space: string, parent: string | null, title?: string): Promise<DocEntry | null> {
    const workspace = this.#workspace;
    return this.#try(async () => {
      const entry = await this.#services.connection.call('doc.create', {
        workspace,
        space,
        kind: 'page',
        parent,
        ...(title === undefined ? {} : { title }),
      });
      this.#services.mirror.learn(workspace, entry);
      this.#services.preferences.setOpen(space, 'space', true);
      if (parent !== null) this.#services.preferences.setOpen(parent, 'page', true);
      this.#services.router.go({ at: 'document', workspace, document: entry.id, fresh: true });
      return entry;
    });
  }

  async rename(entry: DocEntry, title: string): Promise<void> {
    if (title.trim() === entry.title) return;
    const workspace = this.#workspace;
    await this.#try(async () => {
      await this.#services.connection.call('doc.rename', { workspace, document: entry.id, title: title.trim() });
      this.#services.mirror.learn(workspace, { ...entry, title: title.trim() });
    });
  }

  async move(entry: DocEntry, place: Place): Promise<void> {
    await this.#try(async () => {
      await this.#services.connection.call('doc.move', { workspace: this.#workspace, document: entry.id, ...place });
      if (place.parent !== null) this.#services.preferences.setOpen(place.parent, 'page', true);
    });
  }

  /** The page and everything below it; the toast brings all of them back. */
  async archive(entry: DocEntry): Promise<void> {
    const { host, toasts, router } = this.#services;
    const workspace = this.#workspace;
    const view = host.workspace(workspace);
    const all = subtree(view.tree(entry.space), entry);
    const { route } = router;
    const shown = route.at === 'document' && all.some(({ id }) => id === route.document);
    const done = await this.#setArchived(entry, true);
    if (!done) return;
    if (shown) router.go({ at: 'workspace', workspace });
    const name = entry.title === '' ? 'Untitled' : entry.title;
    const below = all.length > 1 ? ` and ${count(all.length - 1, 'page')} below it` : '';
    toasts.show(`Archived “${name}”${below}`, {
      label: 'Undo',
      run: () => {
        void this.#setArchived(entry, false).then((back) => {
          if (back && shown) router.go(route);
        });
      },
    });
  }

  async restore(entry: DocEntry): Promise<void> {
    if (!(await this.#setArchived(entry, false))) return;
    this.#services.announcer.say(`Restored ${entry.title}`);
  }

  async createSpace(name: string): Promise<SpaceEntry | null> {
    const workspace = this.#workspace;
    return this.#try(async () => {
      const space = await this.#services.connection.call('space.create', { workspace, name });
      this.#services.mirror.learnSpace(workspace, space);
      return space;
    });
  }

  async renameSpace(space: SpaceEntry, name: string): Promise<void> {
    if (name.trim() === '' || name.trim() === space.name) return;
    const workspace = this.#workspace;
    await this.#try(() =>
      this.#services.connection.call('space.rename', { workspace, space: space.id, name: name.trim() }),
    );
  }

  /** The host takes what stands below along, and brings back exactly what went with it. */
  async #setArchived(entry: DocEntry, archived: boolean): Promise<boolean> {
    const workspace = this.#workspace;
    const done = await this.#try(async () => {
      await this.#services.connection.call(archived ? 'doc.archive' : 'doc.unarchive', {
        workspace,
        document: entry.id,
      });
      return true;
    });
    return done ?? false;
  }

  async #try<T>(run: () => Promise<T>): Promise<T | null> {
    try {
      return await run();
    } catch (error) {
      this.#services.toasts.fail(words(error));
      return null;
    }
  }
}
