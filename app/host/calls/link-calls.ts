// Calls about links between documents. Only documents that can be read here are named, and only those that lists show.
import { AppError } from '../../../shared/base/app-error.ts';
import type { DocEntry } from '../../contract/entities.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { findUnlinked } from '../links/unlinked.ts';

/** More documents that lead to one are counted. */
const MOST_DOCUMENTS = 500;

/** Of these, the documents that lists show and this computer may read, the newest changed first. */
function readable(host: HostParts, id: string, entries: Iterable<DocEntry>): DocEntry[] {
  const workspace = host.workspaces.get(id);
  const known = new Map<string, boolean>();
  const mayRead = (space: string): boolean => {
    const may = known.get(space) ?? workspace.mayRead(space);
    known.set(space, may);
    return may;
  };
  return [...entries]
    .filter((entry) => !entry.archived && mayRead(entry.space))
    .sort((a, b) => b.changedAt - a.changedAt || (a.id < b.id ? -1 : 1));
}

/** What stands in a list under the id of a room's document, where that is this room: a moved document stands in its new one. */
function entryOf(host: HostParts, workspace: string, room: string): DocEntry | null {
  const entry = host.catalogue.entry(workspace, room.slice(room.lastIndexOf('/') + 1));
  return entry?.room === room ? entry : null;
}

export const linkCalls = {
  async 'links.to'(host, { workspace, document }) {
    const found = await host.links.to(workspace, document);
    const entries = [...found.keys()].flatMap((room) => entryOf(host, workspace, room) ?? []);
    const rooms = readable(host, workspace, entries).filter(({ id }) => id !== document);
    const documents = rooms.slice(0, MOST_DOCUMENTS).map(({ id, room }) => {
      const { passages, more } = found.get(room) ?? { passages: [], more: 0 };
      return { document: id, passages: passages.map((one) => ({ ...one, line: [...one.line] })), more };
    });
    return { documents, more: rooms.length - documents.length, waiting: host.links.waiting };
  },
  async 'links.unlinked'(host, { workspace, document }) {
    const entries = readable(host, workspace, host.catalogue.list(workspace));
    const target = entries.find(({ id }) => id === document);
    if (!target) throw new AppError('not-found', 'This document is not on this computer. Nothing was looked for.');
    const { documents, complete } = await findUnlinked({
      names: [target.title, ...(target.aliases ?? [])],
      among: entries.filter(({ id }) => id !== document),
      signatures: await host.links.signatures(workspace),
      documents: host.documents,
    });
    return {
      documents: documents.map(({ document: id, passages }) => ({
        document: id,
        passages: passages.map((one) => ({ ...one, line: [...one.line] })),
      })),
      complete,
      waiting: host.links.waiting,
    };
  },
} satisfies Partial<CallHandlers>;
