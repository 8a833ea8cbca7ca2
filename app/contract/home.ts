// The call behind the home screen: where colleagues are at work, news, what changed in what I follow, what managers put first. Titles are not in it: windows know them.
import { z } from 'zod';

const id = z.string().min(1).max(64);
const count = z.number().int().min(0);

/** Why something is shown among what I follow. */
export const FOLLOWED_BY = ['favourite', 'watched', 'thread', 'person', 'topic'] as const;
export type FollowedBy = (typeof FOLLOWED_BY)[number];

export const homeWork = z.object({ document: id, space: id, at: z.number() });
export const homeNews = z.object({
  document: id,
  space: id,
  author: id.nullable(),
  at: z.number(),
  unread: count,
  /** It asks for a confirmation, and whether I gave it. */
  confirm: z.boolean(),
  confirmed: z.boolean(),
  confirmations: count,
});
export const homeChange = z.object({
  document: id,
  space: id,
  why: z.array(z.enum(FOLLOWED_BY)),
  /** Others who wrote there lately, the last one first. */
  by: z.array(id),
  at: z.number(),
  /** Posts of a discussion that I have not read; 0 for all else. */
  unread: count,
});

export const home = z.object({
  /** Others, who wrote last first, each with where they wrote last. */
  people: z.array(z.object({ member: id, works: z.array(homeWork) })),
  news: z.array(homeNews),
  followed: z.array(homeChange),
  /** The newest first. */
  featured: z.array(homeWork.extend({ by: id })),
  /** Documents that this computer has not read since they changed. */
  waiting: count,
});
export type Home = z.infer<typeof home>;
export type HomeNews = z.infer<typeof homeNews>;
export type HomeChange = z.infer<typeof homeChange>;

export const HOME_CALLS = {
  /** Of the last 14 days, over all spaces that I can read; `threads` and `catalogue` are announced when it may be different. */
  'home.read': { params: z.object({ workspace: id }), result: home },
} as const;
