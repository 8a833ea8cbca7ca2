// The calls about spaces as communities: the directory, what a space is for, what its managers put first, and what needs their attention.
import { z } from 'zod';

const id = z.string().min(1).max(64);
const inSpace = z.object({ workspace: id, space: id });
const none = z.object({});
const count = z.number().int().min(0);

export const communityEntry = z.object({
  space: id,
  /** Member ids. */
  managers: z.array(id),
  people: z.array(id),
  /** Of a space that I can read: discussions and pages that are there, and when somebody last wrote in it; null: I am not in it. */
  inside: z.object({ discussions: count, documents: count, last: z.number().nullable() }).nullable(),
  /** What its managers put first, the newest first. */
  featured: z.array(z.object({ document: id, by: id, at: z.number() })),
});
export type CommunityEntry = z.infer<typeof communityEntry>;

/** Lists are cut at MOST_NEEDS; `total` counts all. */
function needing<T extends z.ZodType>(entry: T) {
  return z.object({ total: count, entries: z.array(entry) });
}

export const MOST_NEEDS = 50;

export const attention = z.object({
  /** Questions without an accepted answer for more than 48 hours, the oldest first. */
  unanswered: needing(z.object({ document: id, by: id.nullable(), at: z.number(), posts: count })),
  /** Who came more than seven days ago and has written nothing in the space. */
  newcomers: needing(z.object({ member: id, at: z.number() })),
  /** Pages whose review is overdue. */
  stale: needing(z.object({ document: id, reviewBy: z.string(), owner: id.nullable() })),
  /** Discussions with posts that somebody reported. */
  reported: needing(z.object({ document: id, posts: count })),
  /** Documents that this computer has not read since they changed. */
  waiting: count,
});
export type Attention = z.infer<typeof attention>;

export const COMMUNITY_CALLS = {
  /** Those of `space.list`, in its order. */
  'space.directory': { params: z.object({ workspace: id }), result: z.array(communityEntry) },
  /** By its managers. */
  'space.describe': { params: inSpace.extend({ purpose: z.string().max(10_000) }), result: none },
  /** By the managers of the space in which the document stands. */
  'space.feature': { params: z.object({ workspace: id, document: id, featured: z.boolean() }), result: none },
  /** For its managers; refused for others. */
  'space.attention': { params: inSpace, result: attention },
} as const;
