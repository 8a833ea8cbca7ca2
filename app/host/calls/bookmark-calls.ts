// Calls about bookmarks: mine in a document that no other member can read, shared ones in the space's own.
import { AppError } from '../../../shared/base/app-error.ts';
import {
  bookmarkKey,
  readBookmarks,
  removeBookmark,
  setBookmark,
  type BookmarkPlace,
} from '../../../shared/model/bookmarks/bookmarks.ts';
import { spaceRoom } from '../../../shared/model/space/space.ts';
import type { BookmarkEntry } from '../../contract/bookmarks.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { found } from './document-calls.ts';
import { knownSpace } from './space-calls.ts';
import { editMine, mineOf } from './thread-calls.ts';

/** Of a document that is not on this computer nothing is shown, not even that somebody put it there. */
function leadsSomewhere(host: HostParts, id: string, place: BookmarkPlace): boolean {
  if (place.kind === 'web') return true;
  const entry = host.catalogue.entry(id, place.document);
  return entry !== null && host.workspaces.get(id).mayRead(entry.space);
}

async function listIn(host: HostParts, id: string, room: string, space: string | null): Promise<BookmarkEntry[]> {
  const bookmarks = await host.documents.read(room, readBookmarks);
  return bookmarks.filter(({ place }) => leadsSomewhere(host, id, place)).map((one) => ({ ...one, space }));
}

export const bookmarkCalls = {
  async 'bookmark.list'(host, { workspace: id }) {
    const workspace = host.workspaces.get(id);
    const spaces = workspace.spaces().filter((space) => workspace.mayRead(space.id));
    const lists = await Promise.all([
      listIn(host, id, mineOf(host, id, 'bookmarks'), null),
      ...spaces.map((space) => listIn(host, id, spaceRoom(id, space.id), space.id)),
    ]);
    return lists.flat().sort((a, b) => b.at - a.at);
  },
  async 'bookmark.set'(host, { workspace: id, space, place, name = '', bookmarked }) {
    if (bookmarkKey(place) === null) {
      throw new AppError('bad-input', 'This is no address of the web. Nothing was changed. It begins with https://.');
    }
    if (place.kind === 'document') found(host, { workspace: id, document: place.document });
    const workspace = host.workspaces.get(id);
    const by = workspace.about.member;
    const at = host.clock.now();
    const write = bookmarked
      ? (doc: Parameters<typeof setBookmark>[0]) => void setBookmark(doc, { place, name, by, at })
      : (doc: Parameters<typeof setBookmark>[0]) => removeBookmark(doc, place);
    if (space === null) {
      await editMine(host, id, 'bookmarks', write);
      return {};
    }
    if (!knownSpace(host, id, space).mayRead(space) || !host.catalogue.row(spaceRoom(id, space))) {
      throw new AppError('not-found', 'This space is not on this computer. Nothing was changed.');
    }
    await host.documents.edit(spaceRoom(id, space), write);
    return {};
  },
} satisfies Partial<CallHandlers>;
