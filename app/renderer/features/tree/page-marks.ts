// What can be said of a page from anywhere (favourite, lock, template, reviewed), and copies of it for the clipboard.
import { asFileName } from '../../../../shared/model/board/card-files.ts';
import { lockPage, markReviewed, setTemplate, unlockPage } from '../../../../shared/model/properties/commands.ts';
import { dayAt } from '../../../../shared/model/properties/day.ts';
import type * as Y from 'yjs';
import type { DocEntry } from '../../../contract/entities.ts';
import { pageAddress } from '../../../contract/page-address.ts';
import { editDocument } from '../../documents/edit-document.ts';
import { failureWords } from '../../window/failure.ts';
import { saveFile } from '../../window/save-file.ts';
import type { Services } from '../../window/services.ts';

/** Code units of a file's name. */
const LONGEST_NAME = 80;
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

  /** @param part of it: a card, a post. */
  async copyLink(entry: DocEntry, part?: string): Promise<void> {
    const address = pageAddress(this.#workspace, entry.id, part);
    await this.#copy(address, 'Copied the link. Who may read this can open it.');
  }

  /** @param card of a board: that card alone. */
  async copyMarkdown(entry: DocEntry, card?: string): Promise<void> {
    const markdown = await this.#markdown(entry, card);
    if (markdown !== null) await this.#copy(markdown, 'Copied as Markdown');
  }

  /** As a file, called by its first line. */
  async saveMarkdown(entry: DocEntry, card: string): Promise<void> {
    const markdown = await this.#markdown(entry, card);
    if (markdown === null) return;
    const [first = ''] = markdown.split('\n', 1);
    const name = `${asFileName(first.replace(/^#+\s*/, '').slice(0, LONGEST_NAME)) || 'card'}.md`;
    saveFile(name, markdown, 'text/markdown');
    this.#services.toasts.show(`Exported to ${name}`);
  }

  async #markdown(entry: DocEntry, card: string | undefined): Promise<string | null> {
    try {
      const { markdown } = await this.#services.connection.call('doc.markdown', {
        workspace: this.#workspace,
        document: entry.id,
        ...(card === undefined ? {} : { card }),
      });
      return markdown;
    } catch (error) {
      this.#services.toasts.fail(failureWords(error));
      return null;
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
