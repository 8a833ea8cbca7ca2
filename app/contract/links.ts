// What windows and hosts tell each other about links between documents; validators and their types. Titles and names are not in it.
import { z } from 'zod';

const id = z.string().min(1).max(64);
const blockId = z.string().max(300);
const here = z.literal(true).optional();

/** A piece of a line; a window puts in the title or name that it knows for it, if any. `here`: what the line is shown for. */
export const linePart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string().max(10_000), here }),
  z.object({ type: z.literal('page'), page: z.string().max(128), here }),
  z.object({ type: z.literal('mention'), member: z.string().max(128), here }),
  z.object({ type: z.literal('date'), date: z.string().max(10), here }),
]);
export type LinePart = z.infer<typeof linePart>;

const passage = z.object({ block: blockId, anchor: z.string().max(300), line: z.array(linePart) });

/** The documents that lead to one, the newest changed first. */
export const linkedFrom = z.object({
  documents: z.array(z.object({ document: id, passages: z.array(passage), more: z.number() })),
  /** Documents beyond those that are listed. */
  more: z.number(),
  /** Documents that this computer has not read since they changed. */
  waiting: z.number(),
});
export type LinkedFrom = z.infer<typeof linkedFrom>;

/** An occurrence in a block's text; `words` as they stand there, which is how an edit finds out that they changed. */
const unlinkedPassage = z.object({
  block: blockId,
  from: z.number(),
  to: z.number(),
  words: z.string().max(10_000),
  line: z.array(linePart),
});
export type UnlinkedPassage = z.infer<typeof unlinkedPassage>;

/** Where a title or other name stands in documents without being a link. */
export const unlinkedIn = z.object({
  documents: z.array(z.object({ document: id, passages: z.array(unlinkedPassage) })),
  /** False: only so many documents were looked into. */
  complete: z.boolean(),
  waiting: z.number(),
});
export type UnlinkedIn = z.infer<typeof unlinkedIn>;
