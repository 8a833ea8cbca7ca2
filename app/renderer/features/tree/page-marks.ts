// What can be said of a page from anywhere (favourite, lock, template, reviewed), and copies of it for the clipboard.
import { lockPage, markReviewed, setTemplate, unlockPage } from '../../../../shared/model/properties/commands.ts';
import { dayAt } from '../../../../shared/model/properties/day.ts';
import type * as Y from 'yjs';
import type { DocEntry } from '../../../contract/entities.ts';
import { pageAddress } from '../../../contract/page-address.ts';
import { editDocument } from '../../documents/edit-document.ts';
import { failureWords } from '../../window/failure.ts';
import type { Services } from '../../window/services.ts';

const NO_CLIPBOARD = 'The clipboard cannot be used here. Nothing was changed.';

/** Failures are shown as toasts; nothing here throws. */
export class PageMarks {
  readonly #services: Services;
  readonly #workspace: string;

  constructor(services: Services, workspace: string) {
    this.#services = services;
    this.#workspace = workspace;
  }

  async setFavourite(entry: DocEntry, favourite: boolean, after?: string | null): Promise<void> {
    const { connection, announcer, toasts } = this.#services;
    try {
      const given = { workspace: this.#workspace, document: entry.id, favourite };
      await connection.call('favourites.set', after === undefined ? given : { ...given, after });
      const name = entry.title || 'Untitled';
      if (after === undefined) {
        announcer.say(favourite ? `${name} is a favourite` : `${name} is no favourite any more`);
      }
    } catch (error) {
      toasts.fail(failureWords(error));
    }
  }

  async copyLink(entry: DocEntry): Promise<void> {
    await this.#copy(pageAddress(this.#workspace, entry.id), 'Copied the link. Who may read the page can open it.');
  }

  async copyMarkdown(entry: DocEntry): Promise<void> {
    try {
      const { markdown } = await this.#services.connection.call('doc.markdown', {
        workspace: this.#workspace,
        document: entry.id,
      });
      await this.#copy(markdown, 'Copied as Markdown');
    } catch (error) {
      this.#services.toasts.fail(failureWords(error));
    }
  }

  async lock(entry: DocEntry): Promise<void> {
    const by = this.#me;
    const at = this.#services.clock.now();
    await this.#edit(entry, (doc) => lockPage(doc, { by, at }), 'Locked');
  }

  async unlock(entry: DocEntry): Promise<void> {
    await this.#edit(entry, (doc) => unlockPage(doc), 'Unlocked');
  }

  async setTemplate(entry: DocEntry, template: boolean): Promise<void> {
    const name = entry.title || 'Untitled';
    if (!(await this.#edit(entry, (doc) => setTemplate(doc, template), ''))) return;
    this.#services.toasts.show(template ? `“${name}” is a template` : `“${name}” is no template any more`, {
      label: 'Undo',
      run: () => void this.#edit(entry, (doc) => setTemplate(doc, !template), 'Taken back'),
    });
  }

  async markReviewed(entry: DocEntry): Promise<void> {
    const at = this.#services.clock.now();
    const by = this.#me;
    await this.#edit(entry, (doc) => markReviewed(doc, { by, at }, dayAt(at)), 'Marked as reviewed');
  }

  get #me(): string {
    return this.#services.host.workspace(this.#workspace).entry?.member ?? '';
  }

  async #edit(entry: DocEntry, change: (doc: Y.Doc) => void, said: string): Promise<boolean> {
    try {
      await editDocument(this.#services.documents, entry.room, change);
      if (said !== '') this.#services.announcer.say(said);
      return true;
    } catch (error) {
      this.#services.toasts.fail(failureWords(error));
      return false;
    }
  }

  async #copy(text: string, said: string): Promise<void> {
    const { toasts } = this.#services;
    try {
      await navigator.clipboard.writeText(text);
      toasts.show(said);
    } catch {
      toasts.fail(NO_CLIPBOARD);
    }
  }
}
