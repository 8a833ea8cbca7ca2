// What windows and hosts tell each other about words that a deletion swallowed: validators, types and calls.
import { z } from 'zod';

const none = z.object({});
const ofPage = z.object({ workspace: z.string().min(1).max(64), document: z.string().min(1).max(64) });
const range = z.tuple([z.int().min(0), z.int().min(0), z.int().min(0)]).readonly();
/** Ranges of clocks: client, start, end. */
const words = z.array(range).max(20_000).readonly();

export const recoveredPassage = z.object({
  /** Names it among the others of its page, for as long as they are the same words. */
  id: z.string(),
  /** `lost`: not in the text any more. `joined`: in another block than they were typed in. */
  kind: z.enum(['lost', 'joined']),
  /** What was typed: a row of a table is a line. */
  lines: z.array(z.string()),
  words,
  /** Empty where it is not known, or not known here yet. */
  by: z.string(),
  at: z.number().nullable(),
  deletedBy: z.string(),
  deletedAt: z.number().nullable(),
  /** What they stood in: the kind of its block, and how what was seen of it began. */
  place: z.object({ kind: z.string(), quote: z.string() }),
  /** The item where that stood; of joined words the first of them. */
  item: z.tuple([z.int(), z.int()]).readonly(),
  /** Of joined words: the block in which they are now, or ''. */
  block: z.string(),
});
export type RecoveredPassage = z.infer<typeof recoveredPassage>;

export const RECOVERED_CALLS = {
  /**
   * The swallowed words of a page that I did not let go of, in the order of the page. `long`: also where that takes long.
   * `again`: how it stands with the question that was answered with `looking`.
   */
  'recovered.list': {
    params: ofPage.extend({ long: z.boolean(), again: z.boolean() }),
    result: z.discriminatedUnion('state', [
      z.object({ state: z.literal('looking') }),
      z.object({ state: z.literal('long'), changes: z.number() }),
      z.object({ state: z.literal('ready'), passages: z.array(recoveredPassage) }),
    ]),
  },
  /** Lets go of words, for me alone, or (false) takes that back. */
  'recovered.dismiss': { params: ofPage.extend({ words, dismissed: z.boolean() }), result: none },
} as const;
