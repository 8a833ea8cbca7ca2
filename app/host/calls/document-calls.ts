// Calls about documents: list, create, rename, move, put away, show. Each edit is stored before the answer.
import { AppError } from '../../../shared/base/app-error.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import { beginBoard } from '../../../shared/model/board/begin.ts';
import {
  archiveDocument,
  createDocument,
  moveDocument,
  renameDocument,
  trashDocument,
  unarchiveDocument,
  untrashDocument,
} from '../../../shared/model/document/commands.ts';
import { compareSiblings } from '../../../shared/model/document/order.ts';
import { buildTree, isInTree, placeInTree, subtree, wouldCycle } from '../../../shared/model/document/tree.ts';
import type { DocEntry } from '../../contract/entities.ts';
import { withBundles } from '../bundles/bundle-holders.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { withCards } from '../exported-board.ts';
import { pastOf } from '../past-document.ts';
import { knownNames } from '../known-names.ts';
import { showDocument } from '../show-document.ts';
import { knownSpace } from './space-calls.ts';

interface OfDocument {
  readonly workspace: string;
  readonly document: string;
}

/** The bytes of a space that one lost stay on the disk; they are not shown. Asked once a space and call. */
function readable(host: HostParts, id: string): { readonly mayRead: (space: string) => boolean } {
  const workspace = host.workspaces.get(id);
  const known = new Map<string, boolean>();
  const mayRead = (space: string): boolean => {
    const may = known.get(space) ?? workspace.mayRead(space);
    known.set(space, may);
    return may;
  };
  return { mayRead };
}

function shown(host: HostParts, workspace: string, document: string): DocEntry | null {
  const { mayRead } = readable(host, workspace);
  const entry = host.catalogue.entry(workspace, document);
  return entry && mayRead(entry.space) ? entry : null;
}

export function found(host: HostParts, { workspace, document }: OfDocument): DocEntry {
  const entry = shown(host, workspace, document);
  if (!entry) throw new AppError('not-found', 'This document is not on this computer. Nothing was changed.');
  return entry;
}

/** As found(), of a card's own document too: for what reads it, or remembers how far one has read. */
export function foundOrCard(host: HostParts, of: OfDocument): DocEntry {
  return shownCard(host, of.workspace, of.document) ?? found(host, of);
}

export function shownCard(host: HostParts, workspace: string, document: string): DocEntry | null {
  const entry = host.catalogue.card(workspace, document);
  return entry && readable(host, workspace).mayRead(entry.space) ? entry : null;
}

export function parentIn(host: HostParts, workspace: string, space: string, parent: string | null): void {
  if (parent === null) return;
  const entry = host.catalogue.entry(workspace, parent);
  if (!entry || entry.space !== space) {
    throw new AppError('not-found', 'The page that this should stand under is not in this space. Nothing was changed.');
  }
}

/** The key for a place, after siblings that share one key were told apart. */
export async function place(
  host: HostParts,
  workspace: string,
  space: string,
  target: { readonly parent: string | null; readonly after?: string | null | undefined },
  moving?: string,
): Promise<string> {
  // Threads have no place of their own in it: keys would be written into thousands of them.
  const entries = host.catalogue.list(workspace, space).filter(isInTree);
  const { order, rekeyed } = placeInTree(buildTree(entries), target.parent, target.after, moving);
  for (const sibling of rekeyed) {
    const entry = entries.find((one) => one.id === sibling.id);
    if (!entry) continue;
    await host.documents.edit(entry.room, (doc) => moveDocument(doc, { order: sibling.order }));
    await host.catalogue.refresh(entry.room);
  }
  return order;
}

async function inTree(
  host: HostParts,
  entry: DocEntry,
  workspace: string,
  wanted: (one: DocEntry) => boolean,
  change: (room: string) => Promise<void>,
): Promise<void> {
  const tree = buildTree(host.catalogue.list(workspace, entry.space));
  // The page itself last: whoever is interrupted finds it where it was and can do it again.
  for (const one of [...subtree(tree, entry)].reverse()) {
    if (one.id !== entry.id && !wanted(one)) continue;
    await change(one.room);
    await host.catalogue.refresh(one.room);
  }
}

/** A soft lock: it keeps an honest program from writing by mistake, and anybody who may write may take it away. */
function mustBeUnlocked(entry: DocEntry): void {
  if (!entry.properties?.locked) return;
  throw new AppError('not-allowed', 'This page is locked. Nothing was changed. Open it and unlock it first.');
}

export const documentCalls = {
  async 'doc.list'(host, { workspace, space }) {
    const { mayRead } = readable(host, workspace);
    return host.catalogue
      .list(workspace, space)
      .filter((entry) => mayRead(entry.space))
      .sort(compareSiblings);
  },
  async 'doc.get'(host, { workspace, document }) {
    return shown(host, workspace, document) ?? shownCard(host, workspace, document);
  },
  async 'doc.create'(host, { workspace: id, space, kind, title, parent, after, document: given }) {
    const workspace = knownSpace(host, id, space);
    parentIn(host, id, space, parent);
    const document = given ?? randomId();
    if (given !== undefined && (host.catalogue.entry(id, given) ?? host.catalogue.card(id, given))) {
      throw new AppError('already-exists', 'There is a document of this id already. Nothing was changed.');
    }
    const room = `${id}/${space}/${document}`;
    const order = await place(host, id, space, { parent, after });
    const creation = { kind, title: title ?? '', createdBy: workspace.about.member, createdAt: host.clock.now() };
    await host.documents.edit(room, (doc) =>
      doc.transact(() => {
        createDocument(doc, { ...creation, parent, order });
        if (kind === 'board') beginBoard(doc);
      }),
    );
    await host.catalogue.refresh(room);
    return found(host, { workspace: id, document });
  },
  async 'doc.rename'(host, { workspace, document, title }) {
    const entry = found(host, { workspace, document });
    mustBeUnlocked(entry);
    await host.documents.edit(entry.room, (doc) => renameDocument(doc, title));
    await host.catalogue.refresh(entry.room);
    return {};
  },
  async 'doc.move'(host, { workspace, document, parent, after }) {
    const entry = found(host, { workspace, document });
    parentIn(host, workspace, entry.space, parent);
    const items = new Map(host.catalogue.list(workspace, entry.space).map((one) => [one.id, one]));
    if (wouldCycle(items, document, parent)) {
      throw new AppError(
        'bad-input',
        'A page cannot stand below itself or one of its own subpages. Nothing was changed.',
      );
    }
    const order = await place(host, workspace, entry.space, { parent, after }, document);
    await host.documents.edit(entry.room, (doc) => moveDocument(doc, { parent, order }));
    await host.catalogue.refresh(entry.room);
    return {};
  },
  /** What stands below goes with it, at the same time, so that undo brings back exactly what went. */
  async 'doc.archive'(host, { workspace, document }) {
    const entry = found(host, { workspace, document });
    const at = host.clock.now();
    await inTree(
      host,
      entry,
      workspace,
      (one) => !one.archived,
      (room) => host.documents.edit(room, (doc) => archiveDocument(doc, at)),
    );
    return {};
  },
  async 'doc.unarchive'(host, { workspace, document }) {
    const entry = found(host, { workspace, document });
    const at = host.catalogue.row(entry.room)?.archivedAt ?? null;
    await inTree(
      host,
      entry,
      workspace,
      (one) => at !== null && host.catalogue.row(one.room)?.archivedAt === at,
      (room) => host.documents.edit(room, (doc) => unarchiveDocument(doc)),
    );
    return {};
  },
  async 'doc.trash'(host, { workspace, document }) {
    const entry = found(host, { workspace, document });
    const trashed = { at: host.clock.now(), by: host.workspaces.get(workspace).about.member };
    await inTree(
      host,
      entry,
      workspace,
      (one) => !one.trashed,
      (room) => host.documents.edit(room, (doc) => trashDocument(doc, trashed)),
    );
    return {};
  },
  async 'doc.untrash'(host, { workspace, document }) {
    const entry = found(host, { workspace, document });
    const at = entry.trashed?.at ?? null;
    await inTree(
      host,
      entry,
      workspace,
      (one) => at !== null && one.trashed?.at === at,
      (room) => host.documents.edit(room, (doc) => untrashDocument(doc)),
    );
    return {};
  },
  async 'doc.show'(host, params) {
    const entry = foundOrCard(host, params);
    const holders = await host.workspaces.get(params.workspace).holders(entry.room);
    return { ...(await showDocument(host.documents, entry)), holders };
  },
  async 'doc.markdown'(host, params) {
    const { documentMarkdown } = await import('../page-markdown.ts');
    const entry = foundOrCard(host, params);
    const past = params.at === undefined ? null : await host.history.stateAt(entry.room, params.at);
    const markdown = await documentMarkdown(
      past ? pastOf(past.update) : host.documents,
      {
        workspace: params.workspace,
        entry: past ? entry : withCards(host, entry),
        card: params.card ?? null,
        ...(past ? { now: host.documents } : {}),
      },
      knownNames(host, params.workspace),
    );
    if (markdown === null) {
      throw new AppError('not-found', 'This card is not on this board: it was deleted, or is on another one.');
    }
    return { markdown, complete: past?.complete ?? true };
  },
  async 'doc.holders'(host, params) {
    const workspace = host.workspaces.get(params.workspace);
    const { room } = foundOrCard(host, params);
    return withBundles(host, workspace, room, await workspace.holders(room));
  },
} satisfies Partial<CallHandlers>;
