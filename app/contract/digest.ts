// What came while this computer was away, as one page: validators, types and calls. Titles are in it, since past ones are looked at again.
import { z } from 'zod';

const id = z.string().min(1).max(64);
const count = z.number().int().min(0);

/** In the order in which they stand: first what waits for me. */
export const DIGEST_SECTIONS = ['asked', 'overlaps', 'answered', 'decided', 'moved', 'followed'] as const;
export type DigestSectionName = (typeof DIGEST_SECTIONS)[number];

export const DIGEST_WHAT = [
  'mention',
  'assigned',
  'asked',
  'due',
  'overlap',
  'contested',
  'reply',
  'answer',
  'my-answer',
  'my-idea',
  'accepted',
  'idea',
  'poll',
  'consultation',
  'announcement',
  'card',
  'page',
  'watched',
  'post',
] as const;
export type DigestWhat = (typeof DIGEST_WHAT)[number];

/** Where in its document it is; all left out: at its start. */
export const digestPlace = z.object({
  board: id.optional(),
  card: id.optional(),
  block: z.string().max(200).optional(),
  comment: id.optional(),
  post: id.optional(),
});
export type DigestPlace = z.infer<typeof digestPlace>;

/** A block of a page in which words came or went, with some of what stands around them. No pieces: something without words. */
export const digestPassage = z.object({
  block: z.string().max(200),
  kind: z.string().max(100),
  change: z.enum(['in', 'out', 'changed']),
  pieces: z.array(z.object({ text: z.string(), change: z.enum(['same', 'in', 'out']) })),
});
export type DigestPassage = z.infer<typeof digestPassage>;

export const digestDifference = z.object({
  /** Words. */
  added: count,
  removed: count,
  passages: z.array(digestPassage),
  /** Passages that are not among them. */
  more: count,
  /** The page is new here. */
  fresh: z.boolean(),
});
export type DigestDifference = z.infer<typeof digestDifference>;

export const digestItem = z.object({
  /** Of what it is about: equal on all my devices. */
  key: z.string().max(500),
  section: z.enum(DIGEST_SECTIONS),
  what: z.enum(DIGEST_WHAT),
  space: id,
  document: id,
  kind: z.enum(['page', 'board', 'card', 'thread']),
  title: z.string(),
  place: digestPlace,
  /** Member ids, at most five. */
  by: z.array(id),
  /** By the clock of whoever did it. */
  at: z.number(),
  excerpt: z.string(),
  /** Of a card: the columns, or boards. Of an idea: its state. Of a poll: what leads. */
  from: z.string(),
  to: z.string(),
  /** Votes, decisions, or the like. */
  count,
  difference: digestDifference.nullable(),
  /** Of a page: how far it is known, client by client; null: the thing comes once. */
  clocks: z.array(z.tuple([count, count])).nullable(),
});
export type DigestItem = z.infer<typeof digestItem>;

/** `seen`: I looked at it, or dealt with it where it stands; it stays in the list until it is done, and is not counted. */
export const listedItem = digestItem.extend({ seen: z.boolean() });
export type ListedItem = z.infer<typeof listedItem>;

export const digestSpan = z.object({ from: z.number(), to: z.number() });
export type DigestSpan = z.infer<typeof digestSpan>;

export const digestSection = z.object({
  name: z.enum(DIGEST_SECTIONS),
  items: z.array(listedItem),
  /** With those that are not in the list. */
  count,
});
export type DigestSection = z.infer<typeof digestSection>;

export const digest = z.object({
  /** Null: nothing has come after an absence yet. */
  span: digestSpan.nullable(),
  /** Absences that it tells of. */
  absences: count,
  /** More is coming, or is being read; what of it has not come yet. */
  open: z.boolean(),
  waiting: z.object({ documents: count, attachments: count }),
  /** Others who wrote. */
  people: z.array(id),
  /** Clocks that are ahead of this computer's, by how many milliseconds. */
  clocks: z.array(z.object({ member: id, ahead: z.number() })),
  sections: z.array(digestSection),
  /** Things that were not seen. */
  count,
  /** Of earlier landings, the newest first. */
  past: z.array(digestSpan.extend({ id })),
});
export type Digest = z.infer<typeof digest>;

const which = z.object({ workspace: id, past: id.optional() });

export const DIGEST_CALLS = {
  /** `past`: one of those that a digest names; it shows also what is done. */
  'digest.read': { params: which, result: digest },
  'digest.count': { params: z.object({ workspace: id }), result: z.object({ count }) },
  /** `keys` left out: everything that the digest says now. `done` false takes it back. */
  'digest.done': {
    params: z.object({ workspace: id, keys: z.array(z.string().max(500)).max(20_000).optional(), done: z.boolean() }),
    result: z.object({ keys: z.array(z.string()) }),
  },
  'digest.markdown': { params: which, result: z.object({ name: z.string(), markdown: z.string() }) },
} as const;
