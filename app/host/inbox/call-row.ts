// One row of the inbox projection: what a document says to one member, with what tells whether they have seen it. It knows no state of theirs and no clock of this computer.
import { z } from 'zod';

/** Rows of another version are thrown away and read again from the documents. */
export const CALLS_VERSION = 1;

/** Of one document, the newest. */
export const MOST_CALLS = 200;

export const CALL_REASONS = ['mention', 'assigned', 'reply', 'answer', 'accepted', 'idea'] as const;

const clock = z.number().int().min(0);

export const call = z.object({
  reason: z.enum(CALL_REASONS),
  /** What it is about, the same wherever the same was read; of a mention in a text the text, whatever the mention. */
  thing: z.string(),
  /** Of what may be there several times in one thing: the Yjs item that says it. */
  many: z.boolean(),
  /** The Yjs item, for what is seen by its clock. */
  item: z.tuple([clock, clock]).nullable(),
  /** The posting device and its number, for what is seen by reading a post. */
  post: z.tuple([z.string(), clock]).nullable(),
  place: z.object({
    card: z.string().optional(),
    block: z.string().optional(),
    comment: z.string().optional(),
    post: z.string().optional(),
  }),
  by: z.string().nullable(),
  /** 0 where nothing says it. */
  at: clock,
  excerpt: z.string(),
});
export type Call = Readonly<z.output<typeof call>>;

export const callRow = z.object({
  room: z.string(),
  /** The member of whom it is. */
  me: z.string(),
  kind: z.enum(['page', 'board', 'card', 'thread']),
  title: z.string(),
  /** Of a card its board. */
  parent: z.string().nullable(),
  createdAt: clock,
  calls: z.array(call),
});
export type CallRow = Readonly<z.output<typeof callRow>>;

/** In an order that is the same wherever the same was read, the newest first, and not too many. */
export function boundedCalls(calls: readonly Call[]): Call[] {
  return [...calls].sort(compareCalls).slice(0, MOST_CALLS);
}

export function compareCalls(a: Call, b: Call): number {
  return b.at - a.at || (a.thing < b.thing ? -1 : a.thing > b.thing ? 1 : compareItems(a.item, b.item));
}

function compareItems(a: Call['item'], b: Call['item']): number {
  return (a?.[0] ?? 0) - (b?.[0] ?? 0) || (a?.[1] ?? 0) - (b?.[1] ?? 0);
}
