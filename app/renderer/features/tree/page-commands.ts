// What can be asked of pages and spaces from the tree, the palette and the page: calls, with what is said when they fail.
import { subtree } from '../../../../shared/model/document/tree.ts';
import type { DocEntry, SpaceEntry } from '../../../contract/entities.ts';
import type { Services } from '../../window/services.ts';
import { failureWords } from '../../window/failure.ts';
import { count } from '../../window/times.ts';
import { PageMarks } from './page-marks.ts';
import type { Place } from './rows.ts';

type AwayCall = 'doc.archive' | 'doc.unarchive' | 'doc.trash' | 'doc.untrash';

/** All of one workspace. Failures are shown as toasts; nothing here throws. */
export class PageCommands extends PageMarks {
  readonly #services: Services;
  readonly #workspace: string;

  constructor(services: Services, workspace: string) {
    super(services, workspace);
    this.#services = services;
    this.#workspace = workspace;
  }

  /** Makes a page or a board and opens it with the caret in its title; what is typed until then goes there. */
  async create(
    space: string,
    parent: string | null,
    title?: string,
    kind: 'page' | 'board' = 'page',
  ): Promise<DocEntry | null> {
    const workspace = this.#workspace;
    this.#services.typeAhead.begin();
    const made = await this.#try(async () => {
      const entry = await this.#services.connection.call('doc.create', {
        workspace,
        space,
        kind,
        parent,
        ...(title === undefined ? {} : { title }),
      });
      this.#services.mirror.learn(workspace, entry);
      this.#services.preferences.setOpen(space, 'space', true);
      if (parent !== null) this.#services.preferences.setOpen(parent, 'page', true);
      this.#services.router.go({ at: 'document', workspace, document: entry.id, fresh: true });
      return entry;
    });
    if (!made && this.#services.typeAhead.keep()) {
      this.#services.toasts.show('What you typed meanwhile is kept for the next new page.');
    }
    return made;
  }

  /** A page with the content of a template, opened behind the making. */
  async createFrom(
    template: Pick<DocEntry, 'id'>,
    space: string,
    parent: string | null,
    title: string,
  ): Promise<DocEntry | null> {
    const workspace = this.#workspace;
    const given = { workspace, space, parent, template: template.id, title };
    const here = this.#services.router.here();
    return this.#show(await this.#try(() => this.#services.connection.call('doc.fromTemplate', given)), here);
  }

  /** The copy is opened; the toast puts it into the trash. */
  async duplicate(entry: DocEntry, below: boolean): Promise<void> {
    const workspace = this.#workspace;
    const name = entry.title || 'Untitled';
    if (below) this.#services.announcer.say(`Copying ${name}`);
    const given = { workspace, document: entry.id, below };
    const here = this.#services.router.here();
    const copy = this.#show(await this.#try(() => this.#services.connection.call('doc.duplicate', given)), here);
    if (!copy) return;
    this.#services.toasts.show(`Made a copy of “${name}”`, {
      label: 'Undo',
      run: () => {
        const stillHere = this.#services.router.here();
        void this.#putAway('doc.trash', copy).then((gone) => {
          if (gone && stillHere())
            this.#services.router.go({ at: 'document', workspace, document: entry.id, fresh: false });
        });
      },
    });
  }

  /** Opens what was made, for who is `here` still. */
  #show(entry: DocEntry | null, here: () => boolean): DocEntry | null {
    if (!entry) return null;
    const { mirror, preferences, router } = this.#services;
    mirror.learn(this.#workspace, entry);
    preferences.setOpen(entry.space, 'space', true);
    if (entry.parent !== null) preferences.setOpen(entry.parent, 'page', true);
    if (here()) router.go({ at: 'document', workspace: this.#workspace, document: entry.id, fresh: false });
    return entry;
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
    await this.#away(entry, 'doc.archive', 'doc.unarchive', 'Archived');
  }

  async trash(entry: DocEntry): Promise<void> {
    await this.#away(entry, 'doc.trash', 'doc.untrash', 'Moved to the trash:');
  }

  async restore(entry: DocEntry): Promise<void> {
    if (!(await this.#putAway(entry.trashed ? 'doc.untrash' : 'doc.unarchive', entry))) return;
    this.#services.announcer.say(`Restored ${entry.title || 'Untitled'}`);
  }

  async #away(entry: DocEntry, call: AwayCall, back: AwayCall, did: string): Promise<void> {
    const { host, toasts, router } = this.#services;
    const workspace = this.#workspace;
    const view = host.workspace(workspace);
    const all = entry.archived ? [entry] : subtree(view.tree(entry.space), entry);
    const { route } = router;
    const shown = route.at === 'document' && all.some(({ id }) => id === route.document);
    const here = router.here();
    if (!(await this.#putAway(call, entry))) return;
    if (shown && here()) router.go({ at: 'workspace', workspace });
    const name = entry.title === '' ? 'Untitled' : entry.title;
    const below = all.length > 1 ? ` and ${count(all.length - 1, 'page')} below it` : '';
    toasts.show(`${did} “${name}”${below}`, {
      label: 'Undo',
      run: () => {
        const stillHere = router.here();
        void this.#putAway(back, entry).then((done) => {
          if (done && shown && stillHere()) router.go(route);
        });
      },
    });
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
  async #putAway(call: AwayCall, entry: DocEntry): Promise<boolean> {
    const done = await this.#try(async () => {
      await this.#services.connection.call(call, { workspace: this.#workspace, document: entry.id });
      return true;
    });
    return done ?? false;
  }

  async #try<T>(run: () => Promise<T>): Promise<T | null> {
    try {
      return await run();
    } catch (error) {
      this.#services.toasts.fail(failureWords(error));
      return null;
    }
  }
}
