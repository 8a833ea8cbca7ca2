// The calls behind the inbox: what calls on me, by thing and visit, and what I did about it. Notifications and the digest are built on the same entries.
import { z } from 'zod';

const id = z.string().min(1).max(64);
const entryId = z.string().min(1).max(400);
const none = z.object({});
const count = z.number().int().min(0);

export const INBOX_REASONS = [
  'mention',
  'assigned',
  'reply',
  'answer',
  'accepted',
  'asked',
  'idea',
  'due',
  'watched',
  'post',
  'announcement',
  'overlap',
  'moved',
] as const;
export type InboxReason = (typeof INBOX_REASONS)[number];

export const INBOX_STATES = ['new', 'done', 'snoozed'] as const;
export type InboxState = (typeof INBOX_STATES)[number];

export const INBOX_KINDS = ['page', 'board', 'card', 'thread'] as const;

/** Code units of an excerpt. */
export const LONGEST_INBOX_EXCERPT = 200;

/** Enough for a window to open exactly there. */
export const inboxPlace = z.object({
  board: id.optional(),
  card: id.optional(),
  block: z.string().max(200).optional(),
  comment: id.optional(),
  post: id.optional(),
});
export type InboxPlace = z.infer<typeof inboxPlace>;

export const inboxEntry = z.object({
  /** Made of what it is about: equal on all my devices. */
  id: entryId,
  reason: z.enum(INBOX_REASONS),
  space: id,
  /** Of a card its own id; `place.board` is where it stands. */
  document: id,
  kind: z.enum(INBOX_KINDS),
  title: z.string(),
  place: inboxPlace,
  /** Members, the newest first; empty where nothing says who. */
  by: z.array(z.string()).max(5),
  /** As it stands in the document, by its author's clock. */
  at: z.number(),
  /** When this computer first knew of it. */
  arrived: z.number(),
  excerpt: z.string(),
  /** How many things it stands for: changes since I looked, posts that I have not read. */
  things: count,
  state: z.enum(INBOX_STATES),
  /** Of what is snoozed. */
  until: z.number().nullable(),
});
export type InboxEntry = z.infer<typeof inboxEntry>;

export const INBOX_CALLS = {
  /** The newest first; `count` is how many are new. `inbox` is announced when it becomes different. */
  'inbox.list': { params: z.object({ workspace: id }), result: z.object({ entries: z.array(inboxEntry), count }) },
  /** On all my devices. `until`: of `snoozed`, ms. An id that is no more is passed over. */
  'inbox.mark': {
    params: z.object({
      workspace: id,
      entries: z.array(entryId).min(1).max(1_000),
      state: z.enum(INBOX_STATES),
      until: z.number().nullable().optional(),
    }),
    result: none,
  },
  /** Of a document or a card nothing is told but mentions (its level, PS8), or everything again. */
  'inbox.mute': {
    /** `board`: of a card, where it stands. */
    params: z.object({ workspace: id, document: id, board: id.optional(), mute: z.boolean() }),
    result: none,
  },
} as const;
