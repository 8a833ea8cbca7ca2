// A hub on a real store with one workspace, and what imports and exports of it need. For tests of both.
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type * as Y from 'yjs';
import type { ExportSource, ExportSpace } from '../../app/host/export-markdown/export-source.ts';
import { HubDocuments } from '../../app/host/hub-documents.ts';
import { importActions } from '../../app/host/import-markdown/import-actions.ts';
import { importMarkdown, type ImportReport, type ImportTask } from '../../app/host/import-markdown/import-markdown.ts';
import { readMarkdownDirectory } from '../../app/host/import-markdown/read-directory.ts';
import { LocalAccess } from '../support/local-access.ts';
import { systemClock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { buildTree } from '../../shared/model/document/tree.ts';
import { readMeta } from '../../shared/model/document/meta.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { readTitle } from '../../shared/model/document/title.ts';
import type { Block, NewBlock } from '../../shared/model/page/block.ts';
import { blockKey } from '../../shared/model/markdown/same-blocks.ts';
import { pageLink } from '../../shared/model/page/page-link.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

const WORKSPACE = 'W';
const PRINCIPAL = { device: null, member: 'M' };

export interface ShownPage {
  readonly id: string;
  readonly title: string;
  /** Titles from the top down to this page. */
  readonly trail: readonly string[];
  readonly parent: string | null;
  readonly order: string;
  readonly archived: boolean;
  readonly blocks: readonly Block[];
}

export class ImportBench {
  readonly folder: string;
  readonly documents: HubDocuments;
  readonly #store: LevelDocStore;
  /** How many changes the hub announced as durable. */
  changes = 0;

  private constructor(folder: string, store: LevelDocStore, hub: Hub) {
    this.folder = folder;
    this.#store = store;
    this.documents = new HubDocuments(hub, store, PRINCIPAL);
    hub.onChange((changes) => (this.changes += changes.length));
  }

  static async open(): Promise<ImportBench> {
    const folder = await temporaryFolder();
    const store = await LevelDocStore.open({ directory: join(folder, 'store') });
    const access = new LocalAccess();
    access.admit(WORKSPACE);
    const hub = new Hub({ store, access, clock: systemClock, logger: silentLogger });
    onTestFinished(async () => {
      await hub.close();
      await store.close();
    });
    return new ImportBench(folder, store, hub);
  }

  /** Bytes and changes of the store: equal numbers mean that nothing was written. */
  async headOf(space: string): Promise<number> {
    return (await this.#store.heads(WORKSPACE)).find((head) => head.space === space)?.number ?? 0;
  }

  async import(directory: string, space: string, options: Partial<ImportTask> = {}): Promise<ImportReport> {
    const read = await readMarkdownDirectory(directory);
    return this.importFiles(read.files, space, { problems: read.problems, ...options });
  }

  importFiles(files: ImportTask['files'], space: string, options: Partial<ImportTask> = {}): Promise<ImportReport> {
    return importMarkdown({
      files,
      workspace: WORKSPACE,
      space,
      member: 'M',
      memberOf: () => null,
      actions: importActions({
        documents: this.documents,
        workspace: WORKSPACE,
        space,
        member: 'M',
        now: () => 1_700_000_000_000,
        list: () => this.#ids(space),
      }),
      signal: new AbortController().signal,
      onProgress: () => undefined,
      ...options,
    });
  }

  edit(space: string, id: string, change: (doc: Y.Doc) => void): Promise<void> {
    return this.documents.edit(`${WORKSPACE}/${space}/${id}`, change);
  }

  /** All pages of a space in the order of its tree. */
  async pages(space: string): Promise<ShownPage[]> {
    const pages: Omit<ShownPage, 'trail'>[] = [];
    for (const id of await this.#ids(space)) {
      const page = await this.documents.read(`${WORKSPACE}/${space}/${id}`, (doc) => {
        const meta = readMeta(doc);
        if (!meta) return null;
        const { parent, order, archivedAt } = meta;
        return {
          id,
          title: readTitle(doc),
          parent,
          order,
          archived: archivedAt !== null,
          blocks: readBlocks(bodyOf(doc)),
        };
      });
      if (page) pages.push(page);
    }
    const tree = buildTree(pages);
    const shown: ShownPage[] = [];
    const visit = (parent: string | null, trail: readonly string[]): void => {
      for (const page of tree.get(parent) ?? []) {
        shown.push({ ...page, trail: [...trail, page.title] });
        visit(page.id, [...trail, page.title]);
      }
    };
    visit(null, []);
    return shown;
  }

  async exportSource(...spaces: readonly string[]): Promise<ExportSource> {
    const sources: ExportSpace[] = [];
    for (const id of spaces) {
      const pages = (await this.pages(id)).map((page) => ({ ...page, room: `${WORKSPACE}/${id}/${page.id}` }));
      sources.push({ id, name: `Space ${id}`, pages });
    }
    return {
      spaces: sources,
      documents: this.documents,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    };
  }

  async #ids(space: string): Promise<string[]> {
    const ids: string[] = [];
    for await (const room of this.#store.rooms(WORKSPACE)) {
      const [, own, id] = room.split('/');
      if (own === space && id !== undefined) ids.push(id);
    }
    return ids;
  }
}

/** What is equal on two pages that say the same: links by the trail of the page that they lead to. */
export function meaning(pages: readonly ShownPage[]): unknown[] {
  const trails = new Map(pages.map((page) => [page.id, page.trail.join(' / ')]));
  return pages.map((page) => [
    page.trail,
    page.archived,
    page.blocks.map((block) =>
      blockKey(block as NewBlock).replace(
        /page([: ])([A-Za-z0-9_-]+)/g,
        (_, sign: string, id: string) => `page${sign}${trails.get(id) ?? 'none'}`,
      ),
    ),
  ]);
}

/** The links of a page's text. */
export function linksOf(page: ShownPage): string[] {
  return page.blocks.flatMap((block) =>
    block.type === 'text'
      ? block.content.flatMap((inline) => {
          if (inline.type === 'page') return [pageLink(inline.page, inline.block)];
          return inline.type === 'text' && inline.marks.link ? [inline.marks.link] : [];
        })
      : [],
  );
}
