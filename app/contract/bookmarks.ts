// The calls about bookmarks: my own, and those that a space shares. Titles of documents are not in it: windows know them.
import { z } from 'zod';
import { LONGEST_BOOKMARK_NAME } from '../../shared/model/bookmarks/bookmarks.ts';

const id = z.string().min(1).max(64);

export const bookmarkPlace = z.discriminatedUnion('kind', [
  /** `part`: a block of a page, a card of a board, a post of a discussion. */
  z.object({ kind: z.literal('document'), document: id, part: id.nullable() }),
  z.object({ kind: z.literal('web'), url: z.string().min(1).max(4_096) }),
]);

export const bookmarkEntry = z.object({
  place: bookmarkPlace,
  /** '': as the document is called, or the address itself. */
  name: z.string().max(LONGEST_BOOKMARK_NAME),
  by: id.nullable(),
  at: z.number(),
  /** Who sees it: the people of this space; null: I alone. */
  space: id.nullable(),
});
export type BookmarkEntry = z.infer<typeof bookmarkEntry>;

export const BOOKMARK_CALLS = {
  /** Mine and those of all spaces that I can read, the newest first; without those that lead to what is not here. */
  'bookmark.list': { params: z.object({ workspace: id }), result: z.array(bookmarkEntry) },
  /** `space`: shared there; null: mine alone. */
  'bookmark.set': {
    params: z.object({
      workspace: id,
      space: id.nullable(),
      place: bookmarkPlace,
      name: z.string().max(1_000).optional(),
      bookmarked: z.boolean(),
    }),
    result: z.object({}),
  },
} as const;
